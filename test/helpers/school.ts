/** A school whose platform speaks the standard source's language: what happened, told minutes or days ago. */
import type { Database } from '../../src/db/database.ts';
import { projectAll, type StoredWebhook, storeReceipts } from './receipts.ts';

export interface Told {
  learner: string;
  activity: string;
  /** The attempt; without it `learner activity`. */
  attempt?: string;
  /** How long ago, in minutes. */
  ago: number;
  step?: number;
  passed?: boolean;
  percentage?: number;
  kind?: 'quiz' | 'exam' | 'track';
  /** When the activity is due, in minutes ago (negative: in the future). */
  dueAgo?: number;
  /** Extra fields of the attempt. */
  platform?: Record<string, unknown>;
  test?: boolean;
}

export const DAY = 24 * 60;

/** The webhook that says so. */
export function told(type: string, what: Told): StoredWebhook {
  const at = (ago: number): string => new Date(Date.now() - ago * 60_000).toISOString();
  const body = {
    type,
    timestamp: at(what.ago),
    data: {
      learner: { id: what.learner, name: what.learner },
      activity: {
        id: what.activity,
        title: what.activity,
        kind: what.kind ?? (what.step === undefined ? 'quiz' : 'track'),
        ...(what.dueAgo === undefined ? {} : { dueAt: at(what.dueAgo) }),
      },
      attempt: {
        id: what.attempt ?? `${what.learner} ${what.activity}`,
        ...(what.percentage === undefined
          ? {}
          : { percentage: what.percentage, score: what.percentage, maxScore: 100 }),
        ...(what.platform === undefined ? {} : { platform: what.platform }),
        ...(what.test === true ? { test: true } : {}),
      },
      ...(what.step === undefined ? {} : { step: { externalId: `step-${what.step}`, index: what.step, total: 4 } }),
      ...(what.passed === undefined ? {} : { data: { passed: what.passed } }),
    },
  };
  return { provider: 'standard', eventName: null, body: Buffer.from(JSON.stringify(body)) };
}

/** Stores these webhooks and projects them. */
export async function happened(db: Database, ...webhooks: readonly StoredWebhook[]): Promise<void> {
  await storeReceipts(db, webhooks);
  await projectAll(db);
}

/** A learner fails a step so many times, the first `ago` minutes ago, a minute apart. */
export function failing(what: Told, times: number): StoredWebhook[] {
  return [
    told('step.started', { ...what, ago: what.ago + 1 }),
    ...Array.from({ length: times }, (_, i) => told('step.attempted', { ...what, passed: false, ago: what.ago - i })),
  ];
}
