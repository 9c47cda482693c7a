/**
 * A class at work: an endless stream of webhooks in the order of time, made of plays. The same seed, start and class give
 * the same stream, byte for byte. The demo plays it by the clock, `gradewire simulate` as fast as asked.
 */
import type { Adapter } from '../adapters/adapter.ts';
import { hashParts } from '../core/ids.ts';
import type { Provider } from '../core/vocabulary.ts';
import { activitiesOf, type SimulatedActivity } from './activities.ts';
import { type Person, person } from './people.ts';
import { type Play, type PlayedEvent, played, RHYTHMS } from './play.ts';
import { SCRIPTS } from './plays/scripts.ts';
import { between, pick, type Random, seededRandom } from './random.ts';
import { TimeQueue } from './time-queue.ts';

export interface ScenarioOptions {
  seed: string;
  /** The platforms the class plays on; each play is on one of them. */
  adapters: readonly Adapter[];
  /** How many learners, at least 1. */
  learners: number;
  /** Milliseconds since 1970. */
  start: number;
  rhythm: 'live' | 'history';
  /** Only this event of the platform: every play is one webhook. */
  event?: string | undefined;
}

/** The stream. It never ends; take as much as you need. */
export function* scenario(options: ScenarioOptions): Generator<PlayedEvent> {
  const queue = new TimeQueue<{ next: PlayedEvent; life: Iterator<PlayedEvent> }>();
  const push = (life: Iterator<PlayedEvent>): void => {
    const step = life.next();
    if (step.done !== true) queue.push(step.value.at, { next: step.value, life });
  };
  for (let index = 0; index < options.learners; index++) push(lifeOf(person(index), options));
  for (let first = queue.pop(); first !== undefined; first = queue.pop()) {
    yield first.next;
    push(first.life);
  }
}

/**
 * How long `count` webhooks of the scenario take on its own clock, in milliseconds: counted for the first few thousand and
 * extrapolated beyond, so that asking is quick.
 */
export function scenarioSpan(options: ScenarioOptions, count: number): number {
  const looked = Math.min(count, 4000);
  let last = options.start;
  let seen = 0;
  for (const event of scenario(options)) {
    last = event.at;
    seen += 1;
    if (seen >= looked) break;
  }
  return Math.ceil(((last - options.start) * count) / looked);
}

/** Everything one learner ever does. */
function* lifeOf(learner: Person, options: ScenarioOptions): Generator<PlayedEvent> {
  const random = seededRandom(options.seed, 'learner', String(learner.index));
  const history = new Map<SimulatedActivity, number>();
  const activities = new Map(options.adapters.map((adapter) => [adapter.provider, activitiesOf(adapter.provider)]));
  let messages = 0;
  let at = options.start + firstDelay(random, options);
  for (let number = 0; ; number++) {
    const adapter = pick(random, options.adapters);
    const activity = chooseActivity(random, activities.get(adapter.provider) ?? [], history);
    const retake = history.get(activity) ?? 0;
    history.set(activity, retake + 1);
    const id = hashParts([options.seed, String(learner.index), String(number)]);
    const play: Play = {
      adapter,
      learner,
      activity,
      retake,
      random,
      rhythm: RHYTHMS[options.rhythm],
      startedAt: at,
      uniqueId: base36(id),
      uniqueNumber: id.readUIntBE(16, 6),
      nextMessageId: () => messageId(adapter.provider, options.seed, learner.index, messages++),
    };
    let last = at;
    for (const event of options.event === undefined
      ? SCRIPTS[adapter.provider](play)
      : [oneEvent(play, options.event)]) {
      last = event.at;
      yield event;
    }
    at = last + restAfter(random, learner, options.rhythm, last);
  }
}

/** A play of which only one webhook is told, at its end. */
function oneEvent(play: Play, event: string): PlayedEvent {
  for (const told of SCRIPTS[play.adapter.provider](play)) {
    if (told.event === event) return told;
  }
  // Not part of this play, or of none (environments, reviews): the adapter's own example.
  return played(play, event, play.startedAt + 60_000, {});
}

/** Mostly something new, sometimes the same again; never the same twice in a row unless there is nothing else. */
function chooseActivity(
  random: Random,
  activities: readonly SimulatedActivity[],
  history: ReadonlyMap<SimulatedActivity, number>,
): SimulatedActivity {
  const fresh = activities.filter((activity) => !history.has(activity));
  return fresh.length > 0 && random() < 0.75 ? pick(random, fresh) : pick(random, activities);
}

/** A class does not begin on the same second. */
function firstDelay(random: Random, options: ScenarioOptions): number {
  return Math.round(between(random, 0, options.rhythm === 'live' ? 20_000 : 36 * 3_600_000));
}

/** Milliseconds until the next play. */
function restAfter(random: Random, learner: Person, rhythm: ScenarioOptions['rhythm'], at: number): number {
  if (rhythm === 'live') return Math.round(between(random, 5_000, 45_000) * learner.pace);
  const rest = random() < 0.4 ? between(random, 300_000, 1_800_000) : between(random, 8 * 3_600_000, 70 * 3_600_000);
  const hour = new Date(at + rest).getUTCHours();
  // Nobody plays between ten in the evening and seven in the morning.
  const sleep = hour >= 22 || hour < 7 ? between(random, 9, 11) * 3_600_000 : 0;
  return Math.round(rest + sleep);
}

/** Twelve letters and digits, like Instruqt's own ids. */
function base36(digest: Buffer): string {
  return digest.readBigUInt64BE(0).toString(36).padStart(12, '0').slice(-12);
}

/** As the platforms number their messages: `evt_…` at QuizAPI, `msg_…` at Svix. */
function messageId(provider: Provider, seed: string, learner: number, number: number): string {
  const digest = hashParts([seed, 'message', String(learner), String(number)])
    .subarray(0, 15)
    .toString('base64url');
  return `${provider === 'quizapi' ? 'evt' : 'msg'}_${digest.replace(/[-_]/g, 'x')}`;
}
