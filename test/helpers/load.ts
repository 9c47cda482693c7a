/** QuizAPI plays sent to a real server, and what it answered: the load under which faults are tried. */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Between webhooks of a sender: some hundreds a second in all, so that what is checked afterwards is minutes of a school and not days. */
const PAUSE_MS = 15;
/** Before what was not acknowledged is sent again. */
const RETRY_MS = 50;

export interface Load {
  /** Ids the server answered 200 for. */
  acknowledged: string[];
  /** Completions among them. */
  completions: () => number;
  /** Statuses other than 200, and how often. */
  refused: Map<number, number>;
  /** Of any answer, milliseconds. */
  slowestMs: () => number;
  stop(): Promise<void>;
}

/** Until stopped, `senders` learners at a time start a quiz and complete it, sending again what was not acknowledged. */
export function startLoad(ingestUrl: string, secret: string, senders: number): Load {
  const acknowledged: string[] = [];
  const refused = new Map<number, number>();
  let stopped = false;
  let plays = 0;
  let completions = 0;
  let slowest = 0;

  const send = async (body: string): Promise<boolean> => {
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const began = performance.now();
    try {
      const response = await fetch(ingestUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-quizapi-signature': `sha256=${signature}` },
        body,
      });
      const answer = (await response.json()) as { id?: string };
      slowest = Math.max(slowest, performance.now() - began);
      if (response.status === 200 && answer.id !== undefined) {
        acknowledged.push(answer.id);
        return true;
      }
      refused.set(response.status, (refused.get(response.status) ?? 0) + 1);
    } catch {
      // The server is gone; like a platform, the sender tries again.
    }
    return false;
  };

  const sender = async (): Promise<void> => {
    while (!stopped) {
      const play = plays++;
      const at = (minute: number) => new Date(Date.UTC(2026, 0, 1) + play * 3600_000 + minute * 60_000).toISOString();
      const about = { userId: `user_${play % 40}`, quizId: `quiz_${play % 7}` };
      const answers = [0, 1, 2].map((q) => ({
        questionId: `q${q}`,
        selectedAnswerId: `a${play % 3}`,
        correct: (play + q) % 2 === 0,
      }));
      const bodies = [
        { event: 'quiz.started', timestamp: at(0), data: about },
        {
          event: 'quiz.completed',
          timestamp: at(7),
          data: {
            ...about,
            quizTitle: `Quiz ${play % 7}`,
            score: play % 4,
            totalQuestions: 3,
            percentage: ((play % 4) * 100) / 3,
            timeSpentSeconds: 420,
            answers,
          },
        },
      ];
      for (const [i, body] of bodies.entries()) {
        let told = false;
        while (!stopped && !told) {
          told = await send(JSON.stringify(body));
          await sleep(told ? PAUSE_MS : RETRY_MS);
        }
        if (told && i === 1) completions += 1;
      }
    }
  };
  const running = Array.from({ length: senders }, sender);
  return {
    acknowledged,
    completions: () => completions,
    refused,
    slowestMs: () => slowest,
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  };
}
