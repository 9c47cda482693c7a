/** Roster import: who is expected, as rows of JSON or as CSV. */
import { Type } from 'typebox';
import { nullable, provider } from './common.ts';

/** As many people as an import may bring at once; a larger school sends several. */
export const MOST_ROWS = 50_000;

const cell = (description: string) => Type.Optional(nullable(Type.String({ maxLength: 2000, description })));

const rowSchema = Type.Object(
  {
    provider: cell('The platform whose id `externalId` is; enough when only one source is of it.'),
    source: cell('Id or slug of the source whose id it is.'),
    externalId: cell("The platform's id of the person."),
    email: cell('Trusted from now on: mail goes to addresses of rosters only.'),
    name: cell('From now on a person’s word, which platforms do not overwrite.'),
    cohort: cell('Name of a cohort; made when there is none.'),
  },
  { additionalProperties: false },
);

export const rosterBody = Type.Object(
  {
    rows: Type.Array(rowSchema, { maxItems: MOST_ROWS }),
    dryRun: Type.Optional(Type.Boolean({ description: 'true: only says what would happen.' })),
  },
  { additionalProperties: false },
);

const column = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }));

/** `mapping=` of an import of CSV: headers by field. */
export const mappingSchema = Type.Object(
  { provider: column, source: column, externalId: column, email: column, name: column, cohort: column },
  { additionalProperties: false },
);

export const rosterQuery = Type.Object({
  mapping: Type.Optional(
    Type.String({
      maxLength: 4000,
      description:
        'CSV only: which column is what, as JSON: `{"email": "E-Mail", "name": "Student"}` with the keys provider, source, ' +
        'externalId, email, name, cohort. Without it columns are known by these names.',
    }),
  ),
  dryRun: Type.Optional(Type.Boolean({ description: 'true: only says what would happen.' })),
});

const action = Type.Enum(['create', 'update', 'unchanged', 'error']);
const text = nullable(Type.String());

export const rosterResultSchema = Type.Object({
  total: Type.Integer({ minimum: 0, description: 'Rows that were read.' }),
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0 }),
  unchanged: Type.Integer({ minimum: 0 }),
  cohortsCreated: Type.Array(Type.String(), { description: 'Names of cohorts that did not exist.' }),
  errors: Type.Array(Type.Object({ row: Type.Integer({ minimum: 1 }), message: Type.String() }), {
    description: 'Rows that were left out and why. Rows count from 1; of CSV, the header is none.',
  }),
  preview: Type.Array(
    Type.Object({
      row: Type.Integer({ minimum: 1 }),
      action,
      name: text,
      email: text,
      externalId: text,
      provider: nullable(Type.Enum(provider.enum)),
      cohort: text,
      message: Type.Optional(Type.String()),
    }),
    { description: 'The first 50 rows, and what was done (or would be) with each.' },
  ),
});
