/** Roster import: JSON, or CSV with a column mapping. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { importRoster } from '../../cohorts/roster/import-roster.ts';
import { readRosterCsv, UnreadableCsv } from '../../cohorts/roster/read-csv.ts';
import type { RosterRow } from '../../cohorts/roster/row.ts';
import { erasedPeople } from '../../people/erased-people.ts';
import { tombstones } from '../../people/tombstones.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { invalid } from '../contracts/common.ts';
import { MOST_ROWS, mappingSchema, rosterBody, rosterQuery, rosterResultSchema } from '../contracts/roster.ts';

/** 50,000 rows with names, addresses and classes in JSON. */
const BODY_LIMIT = 16 * 1024 * 1024;
/** So many rows take seconds; on a small machine beside other work, a minute. */
const IMPORT_TIMEOUT_MS = 600_000;

export function rosterRoutes(app: App, context: HttpContext): void {
  const { db } = context;
  const stones = tombstones(context.settings.encryptionKey);

  // A scope of its own: nothing else takes CSV as bytes.
  app.register(async (scope: App) => {
    scope.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
      done(null, body);
    });
    scope.post(
      '/api/v1/learners/import',
      {
        bodyLimit: BODY_LIMIT,
        handlerTimeout: IMPORT_TIMEOUT_MS,
        config: { access: ['admin'] },
        schema: {
          tags: ['Progress'],
          summary: 'Import a roster: who is expected, and in which cohorts',
          description:
            'As JSON, or as `text/csv` with a header. People get names, and those who never started are seen in lists. The rows ' +
            'that fit are imported and the others named in `errors`; importing the same again changes nothing.',
          querystring: rosterQuery,
          body: {
            content: {
              'application/json': { schema: rosterBody },
              'text/csv': {
                schema: Type.Unsafe<Buffer>({ description: 'CSV in UTF-8; the first line names the columns.' }),
              },
            },
          },
          response: { 200: rosterResultSchema },
        },
      },
      async (request) => {
        const { workspace } = principalOf(request);
        const body: unknown = request.body;
        const csv = Buffer.isBuffer(body);
        const { rows, dryRun = false } = csv
          ? { rows: await csvRows(body, request.query.mapping), dryRun: request.query.dryRun }
          : jsonRows(body, request.query.dryRun);
        return await importRoster(db, workspace, rows, {
          dryRun,
          erased: (tx, people) => erasedPeople(tx, stones, workspace, people),
        });
      },
    );
  });
}

function jsonRows(
  body: unknown,
  dryRun: boolean | undefined,
): { rows: Static<typeof rosterBody>['rows']; dryRun: boolean | undefined } {
  if (!Value.Check(rosterBody, body))
    throw invalid('body', 'Send {"rows": [{"externalId", "email", "name", "cohort", …}]}, or CSV as text/csv.');
  return { rows: body.rows, dryRun: body.dryRun ?? dryRun };
}

async function csvRows(bytes: Buffer, mapping: string | undefined): Promise<RosterRow[]> {
  try {
    return await readRosterCsv(bytes, mapping === undefined ? null : mappingOf(mapping), MOST_ROWS);
  } catch (error) {
    if (error instanceof UnreadableCsv) throw invalid('body', error.message);
    throw error;
  }
}

function mappingOf(text: string): Static<typeof mappingSchema> {
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch {
    mapping = undefined;
  }
  if (Value.Check(mappingSchema, mapping)) return mapping;
  throw invalid(
    'query/mapping',
    'This is no mapping. Give JSON such as {"email": "E-Mail", "name": "Student"} with columns of the file.',
  );
}
