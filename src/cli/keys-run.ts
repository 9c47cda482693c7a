/** What `gradewire keys` does. */
import { parsePublicId } from '../core/ids.ts';
import { createApiKey, hasLearner, listApiKeys, removeApiKey, shownApiKey } from '../http/api-keys.ts';
import type { Role } from '../http/context.ts';
import { UsageError } from './failures.ts';
import { say, sayJson, styled, table } from './terminal.ts';
import { WORKSPACE, withDatabase } from './with-database.ts';

export interface AddKeyOptions {
  name: string;
  role: Role;
  learner?: string;
  expires?: Date;
  json?: true;
}

/** Makes a key and prints it. */
export async function addKey(options: AddKeyOptions): Promise<void> {
  const one = await withDatabase(async ({ db }) => {
    const { name, role, learner } = options;
    const learnerId = learner === undefined ? null : parsePublicId('lrn', learner);
    if (learner !== undefined && (learnerId === null || !(await hasLearner(db, WORKSPACE, learnerId))))
      throw new Error(`No learner has the id ${learner}. \`gradewire tail --json\` shows learner ids.`);
    const wanted = { name, role, learnerId, cohorts: null, expiresAt: options.expires ?? null };
    const { row, key } = await createApiKey(db, WORKSPACE, wanted);
    return { ...shownApiKey(row), key };
  });
  if (options.json) return sayJson(one);
  say(styled('bold', one.key));
  say(styled('dim', `${one.id} · ${one.role} · copy it now, it is not shown again`));
}

/** Prints all keys. */
export async function listKeys(options: { json?: true }): Promise<void> {
  const rows = await withDatabase(({ db }) => listApiKeys(db, WORKSPACE, { after: null, limit: null }));
  const keys = rows.map(shownApiKey);
  if (options.json) return sayJson(keys);
  if (keys.length === 0) {
    say('No keys yet, besides the admin key. Make one: gradewire keys add --name "Dashboard" --role instructor');
    return;
  }
  say(
    table(keys, [
      { title: 'ID', value: (k) => k.id },
      { title: 'NAME', value: (k) => k.name, shrinks: true },
      { title: 'ROLE', value: (k) => k.role },
      { title: 'BEGINS', value: (k) => `${k.hint}…` },
      { title: 'LAST USED', value: (k) => k.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never' },
      {
        title: 'EXPIRES',
        value: (k) => k.expiresAt?.slice(0, 10) ?? 'never',
        style: (k) => (k.expiresAt !== null && Date.parse(k.expiresAt) < Date.now() ? 'red' : null),
      },
    ]),
  );
}

/** Removes a key, and the tickets it issued. */
export async function removeKey(id: string, options: { json?: true }): Promise<void> {
  const uuid = parsePublicId('key', id);
  if (uuid === null)
    throw new UsageError(`"${id}" is no key id. \`gradewire keys list\` shows them; they begin with key_.`);
  await withDatabase(async ({ db }) => {
    if (!(await removeApiKey(db, WORKSPACE, uuid)))
      throw new Error(`No key has the id ${id}. \`gradewire keys list\` shows them.`);
  });
  if (options.json) return sayJson({ removed: id });
  say(`${styled('green', '✓')} Removed ${id}.`);
}
