/** What computed figures take and bear: the choice of attempts, and the basis beside every figure. */
import { type Static, Type } from 'typebox';
import { RETAKE_POLICIES } from '../../progress/figures/retake-policy.ts';
import { isTimeZone } from '../../progress/figures/time-zone.ts';
import type { FigureFilter } from '../../progress/queries/counted-attempts.ts';
import type { FigureSettings } from '../../progress/queries/figure-settings.ts';
import { instantOf, invalid, rangeQuery, time } from './common.ts';

/** Text of a query that PostgreSQL can hold: it has no place for a null character. */
export function plainText(maxLength: number, description: string) {
  return Type.String({ maxLength, pattern: '^[^\\u0000]*$', description });
}

export const retakePolicy = Type.Enum([...RETAKE_POLICIES], {
  description: "Which of a learner's completed attempts at an activity count: the first, the last, the best, or all.",
});

const unverifiedQuery = Type.Enum(['include', 'exclude'], {
  description: 'Whether results count that only a secret URL proves (verification `token`).',
});

/** Query parameters of figures. */
export const figureQuery = {
  ...rangeQuery,
  attempts: Type.Optional(retakePolicy),
  unverified: Type.Optional(unverifiedQuery),
};

const figureQuerySchema = Type.Object(figureQuery);

export const tzQuery = Type.Optional(
  Type.String({ maxLength: 64, description: 'An IANA time zone in which days are cut.', examples: ['Asia/Kolkata'] }),
);

export const count = Type.Integer({ minimum: 0 });

export const basisSchema = Type.Object(
  {
    attempts: retakePolicy,
    n: Type.Integer({ description: 'Attempts the average is made of.' }),
    learners: Type.Integer({ description: 'Whose they are.' }),
    unverified: Type.Integer({ description: 'How many of the attempts used only a secret URL proves.' }),
    tz: Type.String(),
    asOf: time,
    excluded: Type.Object(
      {
        test: count,
        revoked: count,
        unverified: count,
        noScore: Type.Integer({ description: 'Completed without a percentage: counted, but in no average.' }),
      },
      { description: 'Attempts left out, each under the first reason that fits.' },
    ),
    averageOf: Type.Literal('percentages', {
      description: 'Activities have unlike scales: averages are of percentages.',
    }),
    receipts: Type.String({ description: 'A URL of this API that lists the receipts.' }),
  },
  { description: 'What the figures beside it are made of.' },
);

/** The filter that a request means; 400 where a time is none. `fallback`: the policy where nobody says. */
export function figureFilter(
  query: Static<typeof figureQuerySchema>,
  settings: FigureSettings,
  fallback: FigureFilter['fallback'],
): FigureFilter & { excludeUnverified: boolean } {
  return {
    from: instantOf(query.from, 'query/from'),
    to: instantOf(query.to, 'query/to'),
    excludeUnverified: query.unverified === undefined ? settings.excludeUnverified : query.unverified === 'exclude',
    policy: query.attempts ?? null,
    fallback,
  };
}

/** The zone a request asks for; undefined when it does not; 400 when there is no such zone. */
export function timeZoneOf(tz: string | undefined): string | undefined {
  if (tz === undefined || isTimeZone(tz)) return tz;
  throw invalid('query/tz', 'There is no such time zone. Use UTC or an IANA name such as Europe/Berlin.');
}

/** The URL that lists the receipts of figures made with this filter (and `cohort=`); `owner`: the URL of whose or of what they are. */
export function receiptsUrl(
  owner: string,
  filter: FigureFilter & { excludeUnverified: boolean },
  cohort?: string | undefined,
): string {
  const query = new URLSearchParams();
  if (filter.from !== null) query.set('from', filter.from);
  if (filter.to !== null) query.set('to', filter.to);
  if (cohort !== undefined) query.set('cohort', cohort);
  query.set('unverified', filter.excludeUnverified ? 'exclude' : 'include');
  return `${owner}/receipts?${query}`;
}

/** A receipt that figures are made of. */
export const figureReceiptSchema = Type.Object({
  id: Type.String(),
  source: Type.Object({ id: Type.String(), slug: Type.Union([Type.String(), Type.Null()]) }),
  provider: Type.Union([Type.String(), Type.Null()]),
  receivedAt: Type.Union([time, Type.Null()], { description: 'null when the receipt itself is no longer kept.' }),
  verification: Type.String(),
});
