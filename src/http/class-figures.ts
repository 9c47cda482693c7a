/** From a request for figures over many learners to what is read for it. */
import type { Static } from 'typebox';
import type { CohortScope } from '../cohorts/scope.ts';
import type { Uuid } from '../core/ids.ts';
import type { Queryable } from '../db/database.ts';
import { type Basis, type BasisCounts, basisOf } from '../progress/figures/basis.ts';
import type { RetakePolicy } from '../progress/figures/retake-policy.ts';
import type { ClassFigures } from '../progress/queries/class/class-attempts.ts';
import { toQuarters } from '../progress/queries/class/quarters.ts';
import { figureSource } from '../progress/queries/class/source.ts';
import { type FigureSettings, figureSettings } from '../progress/queries/figure-settings.ts';
import { classScope } from './access.ts';
import type { Principal } from './context.ts';
import type { activityTrendQuery } from './contracts/activity-figures.ts';
import { figureFilter, receiptsUrl, timeZoneOf } from './contracts/figure.ts';

type Query = Static<typeof activityTrendQuery>;

export interface ClassRequest {
  figures: ClassFigures;
  settings: FigureSettings;
  tz: string;
  asOf: Date;
  cohorts: CohortScope;
  /** The retake policy that the basis names. */
  policy: RetakePolicy;
  basis(counts: BasisCounts): Basis;
}

/**
 * Reads the settings, decides where the figures are read, and keeps to what the principal may see. `activity`: the one asked for, with
 * its own retake policy; null: all. `items`: figures of items have a policy of their own. `receipts`: the URL under which the
 * receipts are listed.
 */
export async function classRequest(
  tx: Queryable,
  principal: Principal,
  query: Query,
  about: {
    activity: { id: Uuid; attempts_policy: RetakePolicy | null } | null;
    items?: boolean;
    receipts: string;
  },
): Promise<ClassRequest> {
  const { workspace } = principal;
  const zone = timeZoneOf(query.tz);
  const cohorts = classScope(principal, query.cohort);
  const settings = await figureSettings(tx, workspace);
  const usual = about.items === true ? settings.itemsPolicy : settings.classPolicy;
  const own = about.items === true ? null : (about.activity?.attempts_policy ?? null);
  const asked = figureFilter(query, settings, usual);
  const scope = { workspace, activityId: about.activity?.id ?? null, cohorts };
  const { source, asOf } = await figureSource(tx, scope, settings.asOf);
  // Of one activity one policy holds; over all of them each activity's own, where nobody asks for another.
  const filter = {
    ...asked,
    policy: asked.policy ?? (about.activity === null ? null : (own ?? usual)),
  };
  const tz = zone ?? settings.tz;
  const policy = filter.policy ?? usual;
  return {
    figures: {
      scope,
      filter: source === 'stored' && about.activity === null && cohorts === null ? toQuarters(filter) : filter,
      source,
    },
    settings,
    tz,
    asOf,
    cohorts,
    policy,
    basis: (counts) =>
      basisOf(counts, { attempts: policy, tz, asOf, receipts: receiptsUrl(about.receipts, filter, query.cohort) }),
  };
}
