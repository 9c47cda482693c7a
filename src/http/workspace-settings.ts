/**
 * What a workspace is set to: workspaces.settings, `{figures: {attempts, unverified, tz}, silenceHours, retention}`, read with
 * the contract's defaults where nothing is set.
 */
import type { Static } from 'typebox';
import { GradewireError } from '../core/errors.ts';
import type { Queryable } from '../db/database.ts';
import { isRetakePolicy, type RetakePolicy } from '../progress/figures/retake-policy.ts';
import { isTimeZone } from '../progress/figures/time-zone.ts';
import { invalid } from './contracts/common.ts';
import type { workspaceSettingsPatch, workspaceSettingsSchema } from './contracts/workspace.ts';

export type WorkspaceSettings = Static<typeof workspaceSettingsSchema>;
type Patch = Static<typeof workspaceSettingsPatch>;

/** What endpoints answered is for finding faults, and may hold personal data. */
const RESPONSE_BODIES_DAYS = 30;
const DELIVERIES_DAYS = 90;

interface SettingsRow {
  slug: string;
  name: string;
  settings: Record<string, unknown>;
}

/** The settings and the slug. */
export async function readWorkspace(
  db: Queryable,
  workspace: number,
): Promise<{ slug: string; settings: WorkspaceSettings }> {
  const [row] = await db.query<SettingsRow>('SELECT slug, name, settings FROM workspaces WHERE id = $1', [workspace]);
  if (row === undefined) throw new GradewireError('not_found', 'This workspace is gone.');
  return { slug: row.slug, settings: toSettings(row) };
}

/** Writes what the patch names and leaves the rest. 400 for a time zone that nobody knows. */
export async function patchWorkspace(db: Queryable, workspace: number, patch: Patch): Promise<WorkspaceSettings> {
  const { name, tz, attempts, unverified, silenceHours, retention } = patch;
  if (tz !== undefined && !isTimeZone(tz)) {
    throw invalid('body/tz', 'This is no time zone of the IANA list. Write it like Asia/Kolkata or UTC.');
  }
  const figures = { ...(tz === undefined ? {} : { tz }), ...(unverified === undefined ? {} : { unverified }) };
  const [row] = await db.query<SettingsRow>(
    `UPDATE workspaces SET
       name = coalesce($2, name),
       settings = settings
         || jsonb_build_object('figures', coalesce(settings -> 'figures', '{}') || $3::jsonb
              || jsonb_build_object('attempts', coalesce(settings #> '{figures,attempts}', '{}') || $4::jsonb))
         || $5::jsonb
         || jsonb_build_object('retention', coalesce(settings -> 'retention', '{}') || $6::jsonb)
     WHERE id = $1 RETURNING slug, name, settings`,
    [
      workspace,
      name?.trim() ?? null,
      JSON.stringify(figures),
      JSON.stringify(attempts ?? {}),
      JSON.stringify(silenceHours === undefined ? {} : { silenceHours }),
      JSON.stringify(retention ?? {}),
    ],
  );
  if (row === undefined) throw new GradewireError('not_found', 'This workspace is gone.');
  return toSettings(row);
}

function toSettings({ name, settings }: SettingsRow): WorkspaceSettings {
  const figures = objectAt(settings, 'figures');
  const attempts = objectAt(figures, 'attempts');
  const retention = objectAt(settings, 'retention');
  const { tz } = figures;
  const { silenceHours } = settings;
  return {
    name,
    tz: typeof tz === 'string' && isTimeZone(tz) ? tz : 'UTC',
    attempts: {
      learner: policy(attempts.learner, 'all'),
      class: policy(attempts.class, 'last'),
      items: policy(attempts.items, 'first'),
    },
    unverified: figures.unverified === 'exclude' ? 'exclude' : 'include',
    silenceHours: typeof silenceHours === 'number' ? silenceHours : null,
    retention: {
      receiptsDays: days(retention.receiptsDays, null),
      eventsDays: days(retention.eventsDays, null),
      responseBodiesDays: days(retention.responseBodiesDays, RESPONSE_BODIES_DAYS),
      deliveriesDays: days(retention.deliveriesDays, DELIVERIES_DAYS),
    },
  };
}

function objectAt(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = parent[name];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function policy(value: unknown, fallback: RetakePolicy): RetakePolicy {
  return isRetakePolicy(value) ? value : fallback;
}

/** null is a decision (for ever); only what was never set gets the default. */
function days(value: unknown, fallback: number | null): number | null {
  return typeof value === 'number' || value === null ? value : fallback;
}
