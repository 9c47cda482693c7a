/** The overview: how a school, or some of its classes, are doing. */
import type { Static } from 'typebox';
import { sourceHealth } from '../../attention/source-health.ts';
import { publicId } from '../../core/ids.ts';
import type { Instant } from '../../core/time.ts';
import type { Provider } from '../../core/vocabulary.ts';
import type { Queryable } from '../../db/database.ts';
import { rankedAreas } from '../../progress/figures/class-areas.ts';
import type { PeriodTotals } from '../../progress/queries/class/overview-figures.ts';
import { readPage } from '../../progress/queries/class/read-overview.ts';
import { MOST_LIVE } from '../../progress/queries/class/source.ts';
import { tellsStarts } from '../../progress/queries/class/tells-starts.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { nameSources } from '../../sources/name-sources.ts';
import { principalOf } from '../access.ts';
import { classRequest } from '../class-figures.ts';
import type { App, HttpContext, Principal } from '../context.ts';
import { overviewQuery, overviewSchema } from '../contracts/overview.ts';

type Overview = Static<typeof overviewSchema>;

/** What fits beside the other figures; explain and the activities show the rest. */
const WEAKEST = 10;

export function overviewRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/overview',
    {
      config: { access: ['admin', 'instructor'], keepsToLearner: true },
      schema: {
        tags: ['Progress'],
        summary: 'Totals, trend, weak areas, platforms and completeness',
        description: `Over more than ${MOST_LIVE} attempts the figures come from sums of quarter hours: \`from\` is taken down and \`to\` up to one.`,
        querystring: overviewQuery,
        response: { 200: overviewSchema },
      },
    },
    async (request): Promise<Overview> => {
      const principal = principalOf(request);
      const { query } = request;
      return await onSnapshot(context.db, async (tx) => {
        const asked = await classRequest(tx, principal, query, {
          activity: null,
          receipts: `${context.settings.publicUrl}/api/v1`,
        });
        const { figures, tz, asOf } = asked;
        const before = periodBefore(figures.filter, asOf);
        const { now, weakest, previous } = await readPage(
          tx,
          figures,
          before === null ? null : { ...figures, filter: { ...figures.filter, ...before } },
          tz,
          WEAKEST,
        );
        const { basis, ...shown } = now.totals;
        const tells = await tellsStarts(tx, principal.workspace);
        const starts = (started: number, provider?: Provider): number | null =>
          started > 0 || (provider === undefined ? tells.size > 0 : tells.has(provider)) ? started : null;
        const totals = ({ startedWithoutEnd: _open, stepGaps: _gaps, ...sums }: PeriodTotals) => ({
          ...sums,
          attemptsStarted: starts(sums.attemptsStarted),
        });
        return {
          totals: totals(shown),
          previous: previous === null ? null : totals(previous),
          trend: now.trend.map((day) => ({ ...day, attemptsStarted: starts(day.attemptsStarted) })),
          weakAreas: rankedAreas(weakest.areas, weakest.all).slice(0, WEAKEST),
          platforms: now.platforms.map((row) => ({
            ...row,
            attemptsStarted: starts(row.attemptsStarted, row.provider),
          })),
          completeness: {
            startedWithoutEnd: now.totals.startedWithoutEnd,
            stepGaps: now.totals.stepGaps,
            sources: await lastReceipts(tx, principal),
          },
          basis: asked.basis(basis),
        };
      });
    },
  );
}

/** The period before, of equal length; null when the range has no beginning. */
function periodBefore(
  { from, to }: { from: Instant | null; to: Instant | null },
  asOf: Date,
): { from: Instant; to: Instant } | null {
  if (from === null) return null;
  const end = to === null ? asOf.getTime() : Date.parse(to);
  const start = Date.parse(from);
  if (end <= start) return null;
  // Down to a quarter hour, so that sums of quarter hours give it exactly.
  const length = Math.ceil((end - start) / 900_000) * 900_000;
  return { from: new Date(start - length).toISOString() as Instant, to: from };
}

async function lastReceipts(tx: Queryable, principal: Principal): Promise<Overview['completeness']['sources']> {
  // Sources are of the whole workspace; whoever sees only some classes learns nothing of the others from them.
  if (principal.cohorts !== null || principal.learnerId !== null) return [];
  const sources = await nameSources(tx, principal.workspace);
  const health = await sourceHealth(
    tx,
    principal.workspace,
    sources.map((source) => source.id),
  );
  return sources.map((source) => ({
    id: publicId('src', source.id),
    slug: source.slug,
    name: source.name,
    provider: source.provider,
    lastReceiptAt: health.get(source.id)?.lastReceiptAt ?? null,
    silent: health.get(source.id)?.silent ?? false,
  }));
}
