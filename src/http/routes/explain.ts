/** Explain this number: what a figure is made of, down to the receipts. */
import type { Static } from 'typebox';
import type { Queryable } from '../../db/database.ts';
import { basisOf } from '../../progress/figures/basis.ts';
import { RETAKE_POLICIES } from '../../progress/figures/retake-policy.ts';
import { toAttemptSummary } from '../../progress/queries/attempt-summary.ts';
import { explainInputs, verificationMix } from '../../progress/queries/explain/inputs.ts';
import { figureSettings } from '../../progress/queries/figure-settings.ts';
import { onSnapshot } from '../../progress/queries/snapshot.ts';
import { principalOf } from '../access.ts';
import type { App, HttpContext } from '../context.ts';
import { explainQuery, explainSchema } from '../contracts/explain.ts';
import { figureFilter, receiptsUrl } from '../contracts/figure.ts';
import { explainClass } from '../explain/class-explanations.ts';
import type { Value } from '../explain/explained.ts';
import { explainLearner } from '../explain/learner-figures.ts';

type Explain = Static<typeof explainSchema>;

export function explainRoutes(app: App, context: HttpContext): void {
  app.get(
    '/api/v1/explain',
    {
      config: { access: ['admin', 'instructor', 'learner'], keepsToLearner: true },
      schema: {
        tags: ['Progress'],
        summary: 'What a figure is made of',
        description:
          'Takes the parameters of the route that shows the figure, and gives the same value. `inputs` are the newest attempts that it was chosen from, each with the receipts that prove it.',
        querystring: explainQuery,
        response: { 200: explainSchema },
      },
    },
    async (request): Promise<Explain> => {
      const principal = principalOf(request);
      const { query } = request;
      return await onSnapshot(context.db, async (tx) => {
        const explain = query.figure.startsWith('learner.') ? explainLearner : explainClass;
        const { publicUrl } = context.settings;
        const explanation = await explain(tx, principal, query, publicUrl);
        const { about, use, policy } = explanation;
        const read = async (db: Queryable) => {
          const own = await explanation.read(db, null);
          const others: Explain['otherPolicies'] = [];
          for (const attempts of explanation.byPolicy && explanation.othersTakeLong !== true ? RETAKE_POLICIES : []) {
            if (attempts === policy) continue;
            const { value, n } = await explanation.read(db, attempts);
            others.push({ attempts, value, n });
          }
          return { own, others };
        };
        const [verification, { own, others }, inputs] = await tx.together([
          async (db) => await verificationMix(db, about, use),
          read,
          async (db) => await explainInputs(db, about, use),
        ]);
        const filter = figureFilter(query, await figureSettings(tx, principal.workspace), policy);
        const receipts = receiptsUrl(explanation.receipts, filter, query.cohort);
        return {
          figure: query.figure,
          value: own.value,
          unit: explanation.unit,
          formula: explanation.formula,
          policy,
          n: own.n,
          learners: own.learners,
          basis: basisOf(own.basis, { attempts: policy, tz: explanation.tz, asOf: explanation.asOf, receipts }),
          excluded: excluded(own, explanation.byPolicy),
          verification,
          otherPolicies: others,
          inputs: inputs.map((input) => ({
            attempt: toAttemptSummary(input),
            counted: input.counted,
            reason: input.reason,
            receipts: input.receipts,
          })),
          receipts,
        };
      });
    },
  );
}

/** What is left out for which reason; only reasons that left something out. */
function excluded({ basis, completed }: Value, byPolicy: boolean): Explain['excluded'] {
  return [
    { reason: 'test' as const, count: basis.excludedTest },
    { reason: 'revoked' as const, count: basis.excludedRevoked },
    { reason: 'unverified' as const, count: basis.excludedUnverified },
    { reason: 'noScore' as const, count: byPolicy ? basis.noScore : 0 },
    { reason: 'policy' as const, count: byPolicy ? Math.max(0, completed - basis.noScore - basis.n) : 0 },
  ].filter(({ count }) => count > 0);
}
