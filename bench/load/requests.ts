/**
 * Signed QuizAPI completions (body A of ../shared/platforms.md) with ten answers, no two alike, as finished HTTP/1.1
 * requests. They are made before the clock starts, because the generator shares the machine with the server it measures.
 */
import { createHmac } from 'node:crypto';
import type { Target, Traffic } from './protocol.ts';

export interface Requests {
  readonly count: number;
  /** Head and body of the i-th request. */
  at(i: number): Buffer;
  /** The index of the request whose body bears that time (milliseconds since 1970); -1 for none. */
  indexOf(timestamp: number): number;
}

/** Large enough that a slab holds thousands of requests, small enough that the last one wastes little. */
const SLAB_BYTES = 32 * 1024 * 1024;
/** No request is longer. */
const LONGEST = 4096;
const ANSWERS = 10;

/** Makes all requests of a run: about 1.3 KB and 10 µs each. */
export function makeRequests(target: Target, traffic: Traffic): Requests {
  const slabs: Buffer[] = [];
  const slabOf = new Uint16Array(traffic.count);
  const from = new Uint32Array(traffic.count);
  const to = new Uint32Array(traffic.count);
  const random = mulberry32(hashText(traffic.run));
  // One millisecond apart, and all of them past: a completion of the future is a clock fault to a careful receiver.
  const firstAt = Date.now() - 60_000 - traffic.count;
  let slab = Buffer.alloc(0);
  let used = 0;
  for (let i = 0; i < traffic.count; i++) {
    if (slab.byteLength - used < LONGEST) {
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      slabs.push(slab);
      used = 0;
    }
    const body = completion(traffic, i, firstAt + i, random);
    const signature = createHmac('sha256', target.secret).update(body).digest('hex');
    const head =
      `POST ${target.path} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\nUser-Agent: QuizAPI-Webhooks/1.0\r\n` +
      `Content-Type: application/json\r\nX-QuizAPI-Event: quiz.completed\r\nX-QuizAPI-Signature: sha256=${signature}\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`;
    slabOf[i] = slabs.length - 1;
    from[i] = used;
    used += slab.write(head, used, 'latin1');
    used += slab.write(body, used, 'latin1');
    to[i] = used;
  }
  return {
    count: traffic.count,
    at(i) {
      const found = slabs[slabOf[i] ?? 0];
      if (found === undefined || i >= traffic.count) throw new RangeError(`There is no request ${i}.`);
      return found.subarray(from[i], to[i]);
    },
    indexOf(timestamp) {
      const i = timestamp - firstAt;
      return i >= 0 && i < traffic.count ? i : -1;
    },
  };
}

/** Pairs of learner and quiz come back only after learners × quizzes requests. ASCII only. */
function completion(traffic: Traffic, i: number, at: number, random: () => number): string {
  const learner = i % traffic.learners;
  const quiz = Math.floor(i / traffic.learners + learner) % traffic.quizzes;
  let score = 0;
  let answers = '';
  for (let q = 1; q <= ANSWERS; q++) {
    const choice = Math.floor(random() * 4);
    const correct = choice !== 0;
    if (correct) score++;
    answers += `${q === 1 ? '' : ','}{"questionId":"q${quiz}_${q}","selectedAnswerId":"a${choice}","correct":${correct}}`;
  }
  return (
    `{"event":"quiz.completed","timestamp":"${new Date(at).toISOString()}","data":{"userId":"user_${traffic.run}_${learner}",` +
    `"quizId":"quiz_${quiz}","quizTitle":"Quiz number ${quiz}","score":${score},"totalQuestions":${ANSWERS},` +
    `"percentage":${score * 10},"timeSpentSeconds":${60 + Math.floor(random() * 600)},"answers":[${answers}]}}`
  );
}

/** A small generator of repeatable numbers in [0, 1): the same run name gives the same answers. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function hashText(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
