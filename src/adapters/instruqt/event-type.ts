/**
 * Instruqt's event names → our types. Only some exact names are published; the others are described without their names,
 * so families are matched by prefix and by the word they must contain. docs/decisions/0020-adapters.md.
 */
import type { FactType } from '../../core/vocabulary.ts';

/** Our type, or null when no mapping is known. */
export function typeOfInstruqt(name: string): FactType | null {
  const dot = name.indexOf('.');
  const family = name.slice(0, dot === -1 ? name.length : dot);
  const rest = dot === -1 ? '' : name.slice(dot + 1);
  switch (family) {
    case 'track':
      return ofTrack(rest.startsWith('track_') ? rest.slice('track_'.length) : rest);
    case 'lab':
      return ofTrack(rest.startsWith('lab_') ? rest.slice('lab_'.length) : rest);
    case 'sandbox':
      return ofSandbox(rest);
    case 'invite':
      return /^(?:invite_)?claimed$/.test(rest) ? 'invite.claimed' : null;
    case 'review': {
      const verb = /^(?:review_)?(created|updated)$/.exec(rest)?.[1];
      return verb === 'created' ? 'review.created' : verb === 'updated' ? 'review.updated' : null;
    }
    default:
      return null;
  }
}

function ofTrack(word: string): FactType | null {
  if (word.includes('challenge')) return ofChallenge(word);
  switch (word) {
    case 'started':
      return 'attempt.started';
    case 'completed':
      return 'attempt.completed';
    case 'stopped':
      return 'attempt.stopped';
    case 'ready':
      return 'environment.ready';
    default:
      // `track.created` would be authoring; only what speaks of the machines is theirs.
      return word.includes('sandbox') || word.includes('clean') ? ofSandbox(word) : null;
  }
}

function ofChallenge(word: string): FactType | null {
  if (word.includes('skip')) return 'step.skipped';
  if (/^challenge_start(?:ed)?$/.test(word)) return 'step.started';
  if (/^challenge_attempt(?:ed)?$/.test(word)) return 'step.attempted';
  if (/^challenge_completed?$/.test(word)) return 'step.completed';
  if (word.includes('clean')) return 'environment.cleaned';
  return /initiali[sz]ed/.test(word) ? 'environment.ready' : null;
}

/** What the platform does to the machines a play runs on: no learning. */
function ofSandbox(word: string): FactType {
  if (word.includes('clean')) return 'environment.cleaned';
  if (word.includes('fail')) return 'environment.failed';
  if (word.includes('creating')) return 'environment.creating';
  if (word.includes('created')) return 'environment.created';
  return word.includes('ready') ? 'environment.ready' : 'environment.other';
}
