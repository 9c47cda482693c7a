/** The receiver's process, asked from the bench. */
import { fileURLToPath } from 'node:url';
import { type Launch, portOf, startChild, stopChild } from '../sides/child.ts';

export type ReceiverQuestion = 'counts' | 'release' | 'bodies' | 'arrivals';

export interface ReceiverAnswer {
  taken: number;
  held: number;
  bodies: string[];
  arrivals: [name: string, at: number][];
}

/** The yardstick sends the same bodies again and again; so many of them are kept. */
export const KEPT_BODIES = 500;

export interface Receiver {
  url: string;
  ask(question: ReceiverQuestion): Promise<ReceiverAnswer>;
  stop(): Promise<void>;
}

export async function startReceiver(launch: Launch): Promise<Receiver> {
  const file = fileURLToPath(new URL('../servers/receiver.ts', import.meta.url));
  const child = startChild({ args: [file], env: {}, ...launch });
  const port = await portOf(child, launch.logFile);
  return {
    url: `http://127.0.0.1:${port}`,
    ask: (question) =>
      new Promise((resolve) => {
        child.once('message', (answer: ReceiverAnswer) => resolve(answer));
        child.send(question);
      }),
    stop: () => stopChild(child),
  };
}
