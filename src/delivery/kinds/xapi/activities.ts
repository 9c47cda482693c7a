/** Activities: what statements are about, and what those lie in. Ids are the published ids under the endpoint's base. */
import type { Fact } from '../../../core/vocabulary.ts';
import type { EventObject } from '../../../live/events.ts';
import type { Mapping } from './config.ts';
import { asObject } from './figures.ts';
import type { Activity } from './statement.ts';
import { TYPE_OF_KIND, TYPES } from './vocabulary.ts';

type Told = NonNullable<EventObject['activity']>;

/** The language of titles is not told by any platform: `und`. */
const UNKNOWN_LANGUAGE = 'und';

export function activityOf(told: Told, mapping: Mapping): Activity {
  return make(`${mapping.activityBase}/${told.id}`, TYPE_OF_KIND[told.kind], told.title);
}

export function questionOf(
  activity: Activity,
  questionId: string,
  interactionType: NonNullable<Activity['definition']['interactionType']>,
): Activity {
  const question = make(`${activity.id}/questions/${encodeURIComponent(questionId)}`, TYPES.interaction, null);
  return { ...question, definition: { ...question.definition, interactionType } };
}

export function areaOf(activity: Activity, kind: string, name: string, parent: string | null): Activity {
  const path = [kind, ...(parent === null ? [] : [parent]), name].map(encodeURIComponent).join('/');
  return make(`${activity.id}/areas/${path}`, TYPES.objective, name);
}

export function stepOf(activity: Activity, externalId: string): Activity {
  return make(`${activity.id}/steps/${encodeURIComponent(externalId)}`, TYPES.performance, null);
}

export function certificateOf(activity: Activity): Activity {
  const title = activity.definition.name?.[UNKNOWN_LANGUAGE] ?? null;
  return make(`${activity.id}/certificate`, TYPES.certificate, title);
}

/** The course that the activity lies in, where the webhook names one (Testpress' chapter contents). */
export function groupingOf(fact: Fact | null, mapping: Mapping): Activity | null {
  const course = asObject(fact?.platform.course);
  const id = course?.id;
  if (typeof id !== 'number' && typeof id !== 'string') return null;
  const realm = fact?.activity?.realm ?? null;
  const path = [...(realm === null ? [] : [realm]), String(id)].map(encodeURIComponent).join('/');
  const title = typeof course?.title === 'string' ? course.title : null;
  return make(`${mapping.activityBase}/courses/${path}`, TYPES.course, title);
}

function make(id: string, type: string, title: string | null): Activity {
  return {
    objectType: 'Activity',
    id,
    definition: { type, ...(title === null ? {} : { name: { [UNKNOWN_LANGUAGE]: title } }) },
  };
}
