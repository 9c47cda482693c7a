/** Imports run one way: cli → compose → {http, worker} → features → {sources} → {adapters, db} → {config, core}. */
const layers = [
  { name: 'core', path: '^src/core/', may: ['core'] },
  { name: 'config', path: '^src/config/', may: ['config', 'core'] },
  { name: 'adapters', path: '^src/adapters/', may: ['adapters', 'core'] },
  { name: 'db', path: '^src/db/', may: ['db', 'config', 'core'] },
  { name: 'sources', path: '^src/sources/', may: ['sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'ingest', path: '^src/ingest/', may: ['ingest', 'sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'normalise', path: '^src/normalise/', may: ['normalise', 'sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'progress', path: '^src/progress/', may: ['progress', 'sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'live', path: '^src/live/', may: ['live', 'sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'simulator', path: '^src/simulator/', may: ['simulator', 'sources', 'adapters', 'db', 'config', 'core'] },
  { name: 'worker', path: '^src/worker/', may: ['worker', 'normalise', 'progress', 'live', 'sources', 'adapters', 'db', 'config', 'core'] },
  {
    name: 'http',
    path: '^src/http/',
    may: ['http', 'ingest', 'normalise', 'progress', 'live', 'simulator', 'sources', 'adapters', 'db', 'config', 'core'],
  },
];

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'src-not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|bench)/' } },
    ...layers.map((layer) => ({
      name: `${layer.name}-imports-downwards`,
      severity: 'error',
      from: { path: layer.path },
      to: { path: '^src/', pathNot: `^src/(${layer.may.join('|')})/` },
    })),
    {
      name: 'compose-is-for-cli',
      severity: 'error',
      comment: 'compose.ts is the only file that wires things together; only the CLI, the worker thread, tests and benches start it.',
      from: { path: '^src/', pathNot: '^src/(cli/|compose)' },
      to: { path: '^src/compose' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
};
