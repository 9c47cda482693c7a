/** What the rows of a roster say of which person, before the database is asked who that is. */
import type { Uuid } from '../../core/ids.ts';
import { PROVIDERS, type Provider } from '../../core/vocabulary.ts';
import type { RosterOutcome, RosterRow } from './row.ts';

/** A source as rosters name it. */
export interface RosterSource {
  id: Uuid;
  slug: string;
  provider: Provider;
  /** The realm its people have so far; null as long as no webhook said so. */
  realm: string | null;
}

/** Somebody whom rows are about. */
export interface RosterPerson {
  /** Whose id `externalId` is; null: known by the e-mail alone. */
  identity: { provider: Provider; realm: string; externalId: string; sourceId: Uuid } | null;
  email: string | null;
  name: string | null;
  cohorts: Set<string>;
  /** The rows that say so: places in the list of outcomes. */
  rows: number[];
}

export interface CheckedRoster {
  people: RosterPerson[];
  /** One for each row, in order; what is no error is decided later. */
  outcomes: RosterOutcome[];
}

const LONGEST = { externalId: 1000, email: 320, name: 500, cohort: 200 } as const;

/** Checks every row by itself and against those before it. A row that does not fit is an error with a sentence. */
export function checkRows(rows: readonly RosterRow[], sources: readonly RosterSource[]): CheckedRoster {
  const people = new Map<string, RosterPerson>();
  const outcomes = rows.map((row, i): RosterOutcome => {
    const told = read(row);
    const provider = PROVIDERS.find((known) => known === told.provider?.toLowerCase()) ?? null;
    const outcome: RosterOutcome = { row: i + 1, action: 'error', ...shown(told), provider };
    const refuse = (message: string): RosterOutcome => ({ ...outcome, message });
    const wrong = misfit(told, provider);
    if (wrong !== null) return refuse(wrong);
    const source = told.externalId === null ? null : sourceOf(told, provider, sources);
    if (typeof source === 'string') return refuse(source);
    const key =
      source === null
        ? `email\n${told.email?.toLowerCase()}`
        : `${source.provider}\n${source.realm ?? source.id}\n${told.externalId}`;
    const before = people.get(key);
    const clash = before === undefined ? null : contradiction(told, before);
    if (clash !== null) return refuse(clash);
    const person = before ?? {
      identity:
        source === null || told.externalId === null
          ? null
          : {
              provider: source.provider,
              realm: source.realm ?? source.id,
              externalId: told.externalId,
              sourceId: source.id,
            },
      email: null,
      name: null,
      cohorts: new Set<string>(),
      rows: [],
    };
    person.email ??= told.email;
    person.name ??= told.name;
    if (told.cohort !== null) person.cohorts.add(told.cohort);
    person.rows.push(i);
    people.set(key, person);
    return { ...outcome, action: 'unchanged', provider: source?.provider ?? provider };
  });
  return { people: [...people.values()], outcomes };
}

type Told = Record<'provider' | 'source' | 'externalId' | 'email' | 'name' | 'cohort', string | null>;

function read(row: RosterRow): Told {
  const text = (value: string | null | undefined): string | null => {
    const trimmed = value?.trim() ?? '';
    return trimmed === '' ? null : trimmed;
  };
  return {
    provider: text(row.provider),
    source: text(row.source),
    externalId: text(row.externalId),
    email: text(row.email),
    name: text(row.name),
    cohort: text(row.cohort),
  };
}

/** As people see it again: without what a database or a table cannot hold. */
function shown(told: Told): Pick<RosterOutcome, 'name' | 'email' | 'externalId' | 'cohort'> {
  const clean = (text: string | null): string | null => text?.replaceAll('\0', '').toWellFormed() ?? null;
  return {
    name: clean(told.name),
    email: clean(told.email),
    externalId: clean(told.externalId),
    cohort: clean(told.cohort),
  };
}

function misfit(told: Told, provider: Provider | null): string | null {
  if (Object.values(told).some((text) => text?.includes('\0') === true || text?.isWellFormed() === false))
    return 'This row holds characters that cannot be kept (a null byte or half a character). Write it anew.';
  for (const [field, most] of Object.entries(LONGEST)) {
    const length = told[field as keyof typeof LONGEST]?.length ?? 0;
    if (length > most)
      return `The ${WORDS[field as keyof typeof LONGEST]} has ${length} characters; ${most} is the most.`;
  }
  if (told.externalId === null && told.email === null)
    return 'This row names nobody. Give an e-mail or an external id.';
  if (told.email !== null && !/^[^\s@<>]+@[^\s@<>]+$/.test(told.email))
    return `${JSON.stringify(told.email)} is no e-mail address. Correct it or leave it out.`;
  if (told.provider !== null && provider === null)
    return `There is no platform ${JSON.stringify(told.provider)}. Use one of: ${PROVIDERS.join(', ')}.`;
  return null;
}

const WORDS = { externalId: 'external id', email: 'e-mail', name: 'name', cohort: 'name of the cohort' } as const;

/** The source whose id `externalId` is, or why that is not known. */
function sourceOf(told: Told, provider: Provider | null, sources: readonly RosterSource[]): RosterSource | string {
  if (told.source !== null) {
    const source = sources.find(
      ({ id, slug }) => slug === told.source || `src_${id.replaceAll('-', '')}` === told.source,
    );
    if (source === undefined)
      return `No source has the id or slug ${JSON.stringify(told.source)}. GET /api/v1/sources lists them.`;
    if (provider !== null && source.provider !== provider)
      return `The source ${source.slug} is of ${source.provider}, not of ${provider}. Correct one of them.`;
    return source;
  }
  const fitting = provider === null ? sources : sources.filter((source) => source.provider === provider);
  const [first] = fitting;
  if (first === undefined)
    return `There is no source${provider === null ? '' : ` of ${provider}`} whose id this could be. Add it under Sources first.`;
  // Two sources of one institute, portal or organization know the same people.
  if (
    fitting.some((other) => other.provider !== first.provider || other.realm !== first.realm || other.realm === null) &&
    fitting.length > 1
  )
    return 'More than one source could know this id. Say which in `source` (or `provider`).';
  return first;
}

function contradiction(told: Told, person: RosterPerson): string | null {
  const row = (person.rows[0] ?? 0) + 1;
  if (told.name !== null && person.name !== null && told.name !== person.name)
    return `Row ${row} gives this person the name ${JSON.stringify(person.name)}. Keep one of the two.`;
  if (told.email !== null && person.email !== null && told.email.toLowerCase() !== person.email.toLowerCase())
    return `Row ${row} gives this person the e-mail ${person.email}. Keep one of the two.`;
  return null;
}
