import { parseSync } from '@swc/core';

/** Imports run one way: cli → compose → {http, worker} → features → {sources} → {adapters, db} → {config, core}. */
const layers = [
  { name: 'core', path: '^src/core/', may: ['core'] },
  { name: 'config', path: '^src/config/', may: ['config', 'core'] },
  { name: 'adapters', path: '^src/adapters/', may: ['adapters', 'core'] },
  { name: 'db', path: '^src/db/', may: ['db', 'config', 'core'] },
  { name: 'mail', path: '^src/mail/', may: ['mail', 'core'] },
  { name: 'accounts', path: '^src/accounts/', may: ['accounts', 'mail', 'db', 'config', 'core'] },
  { name: 'sources', path: '^src/sources/', may: ['sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'cohorts', path: '^src/cohorts/', may: ['cohorts', 'normalise', 'sources', 'db', 'config', 'core'] },
  { name: 'ingest', path: '^src/ingest/', may: ['ingest', 'sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'normalise', path: '^src/normalise/', may: ['normalise', 'sources', 'adapters', 'db', 'config', 'core'] },
  {
    name: 'progress',
    path: '^src/progress/',
    may: ['progress', 'cohorts', 'sources', 'adapters', 'db', 'config', 'core'],
  },
  {
    name: 'live',
    path: '^src/live/',
    // Deliveries are planned in the transaction that appends events; planning itself imports nothing of either room.
    may: ['live', 'delivery/plan', 'cohorts', 'sources', 'adapters', 'db', 'config', 'core'],
  },
  {
    name: 'delivery',
    path: '^src/delivery/',
    may: ['delivery', 'live', 'mail', 'normalise', 'cohorts', 'sources', 'adapters', 'db', 'config', 'core'],
  },
  { name: 'planning', path: '^src/delivery/plan/', may: ['delivery/plan', 'delivery/queue/channel.ts', 'db', 'core'] },
  { name: 'simulator', path: '^src/simulator/', may: ['simulator', 'sources', 'adapters', 'db', 'config', 'core'] },
  {
    name: 'attention',
    path: '^src/attention/',
    may: ['attention', 'cohorts', 'progress', 'live', 'sources', 'adapters', 'db', 'config', 'core'],
  },
  {
    name: 'retention',
    path: '^src/retention/',
    may: ['retention', 'live', 'sources', 'adapters', 'db', 'config', 'core'],
  },
  {
    name: 'people',
    path: '^src/people/',
    may: [
      'people',
      'delivery',
      'cohorts',
      'normalise',
      'progress',
      'live',
      'sources',
      'adapters',
      'db',
      'config',
      'core',
    ],
  },
  {
    name: 'exports',
    path: '^src/exports/',
    may: ['exports', 'progress', 'cohorts', 'sources', 'adapters', 'db', 'config', 'core'],
  },
  {
    name: 'worker',
    path: '^src/worker/',
    may: [
      'worker',
      'delivery',
      'mail',
      'people',
      'attention',
      'retention',
      'cohorts',
      'normalise',
      'progress',
      'live',
      'sources',
      'adapters',
      'db',
      'config',
      'core',
    ],
  },
  {
    name: 'http',
    path: '^src/http/',
    may: [
      'http',
      'accounts',
      'people',
      'delivery',
      'mail',
      'exports',
      'attention',
      'retention',
      'ingest',
      'normalise',
      'progress',
      'live',
      'cohorts',
      'simulator',
      'sources',
      'adapters',
      'db',
      'config',
      'core',
    ],
  },
];

/**
 * TypeScript 7 has no API that dependency-cruiser 18 can use; swc parses instead (docs/decisions/0080-import-directions-with-swc.md).
 * Without the binary dependency-cruiser would fall back to acorn, see no TypeScript import and report success: this line
 * makes it fail instead.
 */
parseSync('import type { A } from "./a.ts";', { syntax: 'typescript' });

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'src-not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|bench)/' } },
    ...layers.map((layer) => ({
      name: `${layer.name}-imports-downwards`,
      severity: 'error',
      from: { path: layer.path },
      to: { path: '^src/', pathNot: `^src/(${layer.may.join('|')})(/|$)` },
    })),
    {
      name: 'compose-is-for-cli',
      severity: 'error',
      comment:
        'compose.ts is the only file that wires things together; only the CLI, the worker thread, tests and benches start it.',
      from: { path: '^src/', pathNot: '^src/(cli/|compose)' },
      to: { path: '^src/compose' },
    },
  ],
  // Two imports known to be there, one of a value and one of a type only: if the cruiser ever stops seeing them, it is blind.
  required: [
    {
      name: 'sees-value-imports',
      severity: 'error',
      module: { path: '^src/db/database[.]ts$' },
      to: { path: '^node_modules/pg/' },
    },
    {
      name: 'sees-type-imports',
      severity: 'error',
      module: { path: '^src/sources/source[.]ts$' },
      to: { path: '^src/adapters/adapter[.]ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
