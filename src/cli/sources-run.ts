/** What `gradewire sources` does. */
import { text } from 'node:stream/consumers';
import { adapterFor } from '../adapters/registry.ts';
import { publicId } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';
import { createSource } from '../sources/create-source.ts';
import { deleteSource } from '../sources/delete-source.ts';
import { ingestUrl } from '../sources/ingest-url.ts';
import { listSources } from '../sources/list-sources.ts';
import { rotateSource } from '../sources/rotate-source.ts';
import type { IdentityFrom, Source } from '../sources/source.ts';
import { sourceVerification } from '../sources/source-verification.ts';
import { UsageError } from './failures.ts';
import { findSource, noSource } from './find-source.ts';
import { generateSecret } from './generate-secret.ts';
import type { BasicAuth } from './parse-basic.ts';
import { publicUrlOf } from './running-server.ts';
import { say, sayJson, styled, table } from './terminal.ts';
import { type CommandContext, WORKSPACE, withDatabase } from './with-database.ts';

export interface AddSourceOptions {
  slug?: string;
  name?: string;
  secret?: string;
  generateSecret?: true;
  publicKey?: string;
  basic?: BasicAuth;
  origin?: string[];
  identityFrom?: IdentityFrom;
  json?: true;
}

export interface RotateSourceOptions {
  secret?: string;
  generateSecret?: true;
  overlap?: number;
  json?: true;
}

/** Makes a source and tells what to paste where. */
export async function addSource(provider: Provider, options: AddSourceOptions): Promise<void> {
  const { secret, made } = await chooseSecret(provider, options);
  await withDatabase(async (context) => {
    const source = await createSource(context.db, context.box, {
      workspace: WORKSPACE,
      provider,
      slug: options.slug,
      name: options.name,
      secret,
      publicKey: options.publicKey,
      basicAuth: options.basic,
      allowedOrigins: options.origin,
      identityFrom: options.identityFrom,
    });
    const { id, ingestUrl: url } = shown(context, source);
    if (options.json) return sayJson({ ...shown(context, source), ...(made === undefined ? {} : { secret: made }) });
    say(
      `${styled('green', '✓')} ${adapterFor(provider).title} is connected as ${styled('bold', source.slug)} ${styled('dim', `(${id})`)}`,
    );
    say();
    say(`  Paste there   ${styled('bold', url)}`);
    if (made !== undefined) say(`  Secret        ${styled('bold', made)}  ${styled('dim', 'shown this once')}`);
    if (provider === 'synap')
      say(styled('dim', '                one URL per event: add ?event=attempt.completed and so on'));
    say(`  Try it        npx gradewire simulate --source ${source.slug}`);
  });
}

/** Prints all sources, newest first. */
export async function listAllSources(options: { json?: true }): Promise<void> {
  await withDatabase(async (context) => {
    const sources: Source[] = [];
    const pageSize = 200;
    for (let more = true; more; ) {
      const page = await listSources(context.db, context.box, WORKSPACE, { limit: pageSize, after: sources.at(-1) });
      sources.push(...page);
      more = page.length === pageSize;
    }
    const rows = sources.map((source) => shown(context, source));
    if (options.json) return sayJson(rows);
    if (rows.length === 0)
      return say('No sources yet. Connect one: npx gradewire sources add quizapi --generate-secret');
    say(
      table(rows, [
        { title: 'SLUG', value: (s) => s.slug, style: () => 'bold' },
        { title: 'NAME', value: (s) => s.name, shrinks: true },
        {
          title: 'PROVED BY',
          value: (s) => PROOFS[s.verification],
          style: (s) => (s.verification === 'token' ? 'yellow' : null),
        },
        { title: 'INGEST URL', value: (s) => s.ingestUrl },
      ]),
    );
  });
}

/** Gives a source a new secret, password or URL token. */
export async function rotate(which: string, options: RotateSourceOptions): Promise<void> {
  await withDatabase(async (context) => {
    const source = await findSource(context, which);
    const { secret, made } = await chooseSecret(source.provider, options);
    const rotated = await rotateSource(context.db, context.box, WORKSPACE, source.id, {
      secret,
      overlapSeconds: options.overlap,
    });
    if (rotated === null) throw noSource(which);
    if (options.json) return sayJson({ ...shown(context, rotated), ...(made === undefined ? {} : { secret: made }) });
    const old =
      options.overlap === 0
        ? 'The old one no longer holds.'
        : `The old one still holds for ${period(options.overlap ?? 86_400)}.`;
    say(`${styled('green', '✓')} ${styled('bold', rotated.slug)} is rotated. ${old}`);
    if (made !== undefined) say(`  Secret        ${styled('bold', made)}  ${styled('dim', 'shown this once')}`);
    if (secret === undefined) say(`  Paste there   ${styled('bold', shown(context, rotated).ingestUrl)}`);
  });
}

/** Removes a source. */
export async function removeSource(which: string, options: { json?: true }): Promise<void> {
  await withDatabase(async (context) => {
    const source = await findSource(context, which);
    if (!(await deleteSource(context.db, context.box, WORKSPACE, source.id))) throw noSource(which);
    if (options.json) return sayJson({ removed: publicId('src', source.id) });
    say(`${styled('green', '✓')} Removed ${source.slug}. Its receipts and progress stay.`);
  });
}

const PROOFS = {
  signature: 'signature',
  signature_partial: 'signature (some fields)',
  basic: 'password',
  token: 'secret URL only',
} as const;

/** As the API shows a source: no secrets, but the URL token, which is part of the ingest URL. */
function shown(context: CommandContext, source: Source) {
  const adapter = adapterFor(source.provider);
  return {
    id: publicId('src', source.id),
    provider: source.provider,
    slug: source.slug,
    name: source.name,
    ingestUrl: ingestUrl(publicUrlOf(context.settings), source),
    verification: sourceVerification(adapter, source),
    allowedOrigins: source.allowedOrigins ?? adapter.defaultOrigins,
    createdAt: source.createdAt.toISOString(),
  };
}

/** The secret to use; `made` when it was made up here and must be shown. */
async function chooseSecret(
  provider: Provider,
  options: { secret?: string; generateSecret?: true },
): Promise<{ secret: string | undefined; made: string | undefined }> {
  if (options.generateSecret) {
    if (options.secret !== undefined) throw new UsageError('Give --secret or --generate-secret, not both.');
    const made = generateSecret(provider);
    return { secret: made, made };
  }
  if (options.secret !== '-') return { secret: options.secret, made: undefined };
  const secret = (await text(process.stdin)).trim();
  if (secret === '') throw new UsageError('--secret - reads the secret from standard input, but nothing was there.');
  return { secret, made: undefined };
}

function period(seconds: number): string {
  if (seconds % 3600 === 0) return seconds === 3600 ? 'an hour' : `${seconds / 3600} hours`;
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
