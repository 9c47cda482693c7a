/** A source as people name it. */
import { parsePublicId } from '../core/ids.ts';
import { getSource } from '../sources/get-source.ts';
import type { Source } from '../sources/source.ts';
import { type CommandContext, WORKSPACE } from './with-database.ts';

/** By slug or id. Throws a sentence when there is none. */
export async function findSource(context: CommandContext, which: string): Promise<Source> {
  const id = parsePublicId('src', which);
  const source = await getSource(context.db, context.box, WORKSPACE, id === null ? { slug: which } : { id });
  if (source === null) throw noSource(which);
  return source;
}

export function noSource(which: string): Error {
  return new Error(`There is no source "${which}". \`gradewire sources list\` shows them.`);
}
