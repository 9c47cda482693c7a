/**
 * Runs people's templates where they can be killed: a thread with little memory, ended when one takes too long. A template
 * that had to be killed runs in a second thread from then on, so that it delays only its like.
 */
import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

export interface TemplateTask {
  template: string;
  /** JSON. */
  input: string;
  /** The body is text as the template gives it, not JSON. */
  text: boolean;
}

/** `tooLong`: it had to be stopped, which a busy machine can cause as well as a bad template. */
export type TemplateAnswer = { ok: true; body: string } | { ok: false; error: string; tooLong: boolean };

/** For one body of a few KiB; JSONata's own limit (700 ms) comes first where it is asked. */
const KILL_MS = 1000;
/** A new thread on a busy machine takes a while to load; that is no fault of the template. */
const START_MS = 10_000;
/** Who has waited longer for a turn gives up: the try as a whole has a lease, and is made again. */
const WAIT_MS = 5000;
/** In MiB. Templates see one event. */
const HEAP = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };
/** Threads that nobody needs give their memory back. */
const IDLE_MS = 30_000;
/** Bounds what is remembered of templates that had to be killed. */
const MOST_SUSPECTS = 1000;

const suspects = new Set<string>();
const lanes = { good: lane(), suspect: lane() };

/** Runs a template on a body. Never rejects. */
export async function runTemplate(task: TemplateTask): Promise<TemplateAnswer> {
  const name = hash('sha256', task.template);
  const answer = await lanes[suspects.has(name) ? 'suspect' : 'good'](task);
  if (answer === 'late') {
    return { ok: false, error: 'Other templates took all the time there was. It is tried again.', tooLong: true };
  }
  if (answer !== null && (answer.ok || !answer.tooLong)) return answer;
  if (suspects.size >= MOST_SUSPECTS) suspects.clear();
  suspects.add(name);
  const error = 'The template took too long or too much memory and was stopped. Make it simpler.';
  return { ok: false, error, tooLong: true };
}

/** One thread and those who wait for it. Gives null for a task that was killed, `late` for one that was not begun. */
function lane(): (task: TemplateTask) => Promise<TemplateAnswer | 'late' | null> {
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const forget = (ended: Worker) => {
    if (thread === ended) thread = null;
  };

  async function run(task: TemplateTask): Promise<TemplateAnswer | null> {
    clearTimeout(idle);
    const used = thread ?? (await startThread());
    if (thread === null) used.once('exit', () => forget(used));
    thread = used;
    const answer = await ask(used, task);
    if (answer === null) {
      thread = null;
      await used.terminate();
    } else {
      idle = setTimeout(() => {
        forget(used);
        void used.terminate();
      }, IDLE_MS);
      idle.unref();
    }
    return answer;
  }

  return (task) => {
    const latest = performance.now() + WAIT_MS;
    const turn = last.then(async () => (performance.now() > latest ? ('late' as const) : await run(task)));
    last = turn.catch(() => {});
    return turn;
  };
}

async function startThread(): Promise<Worker> {
  const thread = new Worker(new URL('./template-thread.ts', import.meta.url), {
    name: 'gradewire-templates',
    resourceLimits: HEAP,
    env: {},
  });
  // Of a thread that is ended, or ends while nobody asks: whoever asks next finds out.
  thread.on('error', () => {});
  // Must not keep a process alive that has nothing else to do.
  thread.unref();
  // Loaded once it answers; the time that takes is not the template's.
  await ask(thread, { template: '1', input: 'null', text: false }, START_MS);
  return thread;
}

function ask(thread: Worker, task: TemplateTask, ms: number = KILL_MS): Promise<TemplateAnswer | null> {
  return new Promise((resolve) => {
    const end = (answer: TemplateAnswer | null) => {
      clearTimeout(timer);
      thread.off('message', end).off('error', died).off('exit', died);
      resolve(answer);
    };
    const died = () => end(null);
    const timer = setTimeout(died, ms);
    thread.on('message', end).on('error', died).on('exit', died);
    thread.postMessage(task);
  });
}
