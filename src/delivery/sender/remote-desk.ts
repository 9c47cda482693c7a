/** The desk in a thread of its own: the sender's thread asks, the desk's answers. */
import type { MessagePort, Worker } from 'node:worker_threads';
import { DatabaseAway, isDatabaseAway } from '../../db/away.ts';
import type { Desk } from './desk.ts';
import {
  type Answered,
  type Answers,
  type Asked,
  packEvents,
  packResults,
  packWanted,
  type Question,
  unpackEvents,
  unpackResults,
  unpackWanted,
} from './desk-messages.ts';

/** Ends the thread of a desk, when all it was asked is answered. */
export const STOP = 'stop';

/** The desk of `thread`. What was asked must be answered: should it die, this thread has to as well. */
export function remoteDesk(thread: Worker): Desk {
  const open = new Map<number, { resolve(answer: Answers[Question['ask']]): void; reject(error: Error): void }>();
  let asked = 0;

  thread.on('message', (message: Answered) => {
    const question = open.get(message.n);
    if (question === undefined) throw new Error(`The desk answered ${message.n}, which nobody asked.`);
    open.delete(message.n);
    if ('answer' in message) question.resolve(message.answer);
    else question.reject(errorOf(message.error));
  });

  function ask<Kind extends Question['ask']>(question: Question & { ask: Kind }): Promise<Answers[Kind]> {
    const n = ++asked;
    return new Promise<Answers[Kind]>((resolve, reject) => {
      // Its answer is of its kind: the other end answers one by one, by the same number.
      open.set(n, { resolve: (answer) => resolve(answer as Answers[Kind]), reject });
      thread.postMessage({ ...question, n } satisfies Asked);
    });
  }

  return {
    claim: (claim, room) => ask({ ask: 'claim', claim, room }),
    async events(rows) {
      return unpackEvents(await ask({ ask: 'events', rows: packWanted(rows) }), rows.length);
    },
    write: (results) => ask({ ask: 'write', results: packResults(results) }),
  };
}

function errorOf({ message, stack, away }: { message: string; stack: string | undefined; away: boolean }): Error {
  const error = away ? new DatabaseAway(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Answers what comes through `port`, several at a time; calls `stop` when STOP comes. */
export function serveDesk(desk: Desk, port: MessagePort, stop: () => void): void {
  port.on('message', (asked: Asked | typeof STOP) => {
    if (asked === STOP) {
      stop();
      return;
    }
    answerTo(desk, asked).then(
      (answer) => port.postMessage({ n: asked.n, answer } satisfies Answered),
      (error: unknown) => {
        const { message, stack } = error instanceof Error ? error : new Error(String(error));
        const told = { message, stack, away: isDatabaseAway(error) };
        port.postMessage({ n: asked.n, error: told } satisfies Answered);
      },
    );
  });
}

async function answerTo(desk: Desk, question: Question): Promise<Answers[Question['ask']]> {
  switch (question.ask) {
    case 'claim':
      return await desk.claim(question.claim, question.room);
    case 'events':
      return packEvents(await desk.events(unpackWanted(question.rows)));
    case 'write':
      return await desk.write(unpackResults(question.results));
    default:
      return question satisfies never;
  }
}
