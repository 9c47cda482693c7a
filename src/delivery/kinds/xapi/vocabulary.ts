/** Verbs and activity types: the table of ../shared/learning.md. */
import type { ActivityKind } from '../../../core/vocabulary.ts';

const ADL = 'http://adlnet.gov/expapi';

/** Verb ids by the word that is shown with them. */
export const VERBS = {
  initialized: `${ADL}/verbs/initialized`,
  completed: `${ADL}/verbs/completed`,
  passed: `${ADL}/verbs/passed`,
  failed: `${ADL}/verbs/failed`,
  abandoned: 'https://w3id.org/xapi/adl/verbs/abandoned',
  scored: `${ADL}/verbs/scored`,
  answered: `${ADL}/verbs/answered`,
  attempted: `${ADL}/verbs/attempted`,
  skipped: 'http://id.tincanapi.com/verb/skipped',
  terminated: `${ADL}/verbs/terminated`,
  rated: 'http://id.tincanapi.com/verb/rated',
  earned: 'http://id.tincanapi.com/verb/earned',
  voided: `${ADL}/verbs/voided`,
} as const;
export type VerbName = keyof typeof VERBS;

export const TYPES = {
  assessment: `${ADL}/activities/assessment`,
  simulation: `${ADL}/activities/simulation`,
  course: `${ADL}/activities/course`,
  media: `${ADL}/activities/media`,
  file: `${ADL}/activities/file`,
  meeting: `${ADL}/activities/meeting`,
  interaction: `${ADL}/activities/cmi.interaction`,
  objective: `${ADL}/activities/objective`,
  performance: `${ADL}/activities/performance`,
  certificate: 'https://www.opigno.org/en/tincan_registry/activity_type/certificate',
} as const;

/** Videos, documents and live sessions are no assessments; ADL has words of its own for them. */
export const TYPE_OF_KIND: Readonly<Record<ActivityKind, string>> = {
  quiz: TYPES.assessment,
  exam: TYPES.assessment,
  test: TYPES.assessment,
  track: TYPES.simulation,
  course: TYPES.course,
  video: TYPES.media,
  document: TYPES.file,
  live_session: TYPES.meeting,
};
