/** Who a statement is about, as the endpoint's setting says. What the event does not hold is in no actor. */
import type { EventObject } from '../../../live/events.ts';
import type { Mapping } from './config.ts';
import type { Agent } from './statement.ts';

/** Whom nothing is told of (personalData none): xAPI has no statement without an actor. */
const NOBODY = 'anonymous';

/** The learner of an event, personal data reduced already. */
export function actorOf(event: EventObject, mapping: Mapping): Agent {
  const { learner } = event;
  if (learner === null || mapping.personalData === 'none') {
    return { objectType: 'Agent', account: { homePage: mapping.publicUrl, name: NOBODY } };
  }
  const person = { objectType: 'Agent' as const, ...(learner.name === null ? {} : { name: learner.name }) };
  if (mapping.actor === 'mbox' && learner.email !== null) return { ...person, mbox: `mailto:${learner.email}` };
  const atSource = mapping.actor === 'account' ? null : sourceAccount(event, mapping);
  return { ...person, account: atSource ?? { homePage: mapping.publicUrl, name: learner.id } };
}

/** Gradewire itself: whoever voids a statement is not the learner. */
export function ourselves(mapping: Mapping): Agent {
  return { objectType: 'Agent', name: 'Gradewire', account: { homePage: mapping.publicUrl, name: 'gradewire' } };
}

/**
 * The learner's account at the platform: its id there, under the URL of the source, because the same id is somebody else
 * in another school's portal. null where no identity is told (pseudonyms).
 */
function sourceAccount({ learner, source }: EventObject, mapping: Mapping): Agent['account'] | null {
  if (learner === null || source === null) return null;
  const known = learner.identities.filter((identity) => identity.provider === source.provider);
  const identity = known.find(({ realm }) => realm === source.id) ?? known[0];
  if (identity === undefined) return null;
  const at = source.slug === null ? `sources/${source.id}` : `webhooks/${source.slug}`;
  const homePage = (source.slug === null ? undefined : mapping.homePages[source.slug]) ?? `${mapping.publicUrl}/${at}`;
  return { homePage, name: identity.externalId };
}
