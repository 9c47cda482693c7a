/**
 * The yardstick `guide`: the design of seed 000 (QuizAPI's own guide), written anew. Express, the raw body verified, 200 at
 * once, and only then one transaction with a statement per answer through a pool of 10. What is acknowledged and not yet
 * stored stands in this process's memory; `GET /backlog` tells it. A child process of the bench: ends at SIGTERM.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';

interface Completion {
  event: string;
  timestamp: string;
  data: {
    userId: string;
    quizId: string;
    quizTitle: string;
    score: number;
    totalQuestions: number;
    percentage: number;
    timeSpentSeconds: number;
    answers: { questionId: string; selectedAnswerId: string; correct: boolean }[];
  };
}

/** What GET /backlog answers. */
export interface GuideBacklog {
  acknowledged: number;
  stored: number;
  failed: number;
  /** Age in seconds of the oldest that is acknowledged and not stored; 0 when there is none. */
  oldestSeconds: number;
}

const secret = process.env.QUIZAPI_WEBHOOK_SECRET ?? '';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`
  CREATE TABLE IF NOT EXISTS student_progress (
    id SERIAL PRIMARY KEY,
    user_id VARCHAR(255) NOT NULL,
    quiz_id VARCHAR(255) NOT NULL,
    quiz_title VARCHAR(500),
    score INTEGER NOT NULL,
    total_questions INTEGER NOT NULL,
    percentage NUMERIC(5, 2) NOT NULL,
    time_spent_seconds INTEGER,
    completed_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ DEFAULT NOW(),
    UNIQUE (user_id, quiz_id, completed_at)
  );
  CREATE INDEX IF NOT EXISTS idx_progress_user ON student_progress (user_id);
  CREATE INDEX IF NOT EXISTS idx_progress_quiz ON student_progress (quiz_id);
  CREATE INDEX IF NOT EXISTS idx_progress_completed ON student_progress (completed_at);
  CREATE TABLE IF NOT EXISTS question_responses (
    id SERIAL PRIMARY KEY,
    progress_id INTEGER REFERENCES student_progress (id) ON DELETE CASCADE,
    question_id VARCHAR(255) NOT NULL,
    selected_answer_id VARCHAR(255) NOT NULL,
    correct BOOLEAN NOT NULL
  )`);

const counts = { acknowledged: 0, stored: 0, failed: 0 };
/** When each waiting one was acknowledged; a Set keeps the order of arrival, so its first is the oldest. */
const waiting = new Set<{ at: number }>();

const app = express();
app.use('/webhooks/quizapi', express.raw({ type: 'application/json' }));
app.post('/webhooks/quizapi', (request, response) => {
  const body: unknown = request.body;
  const signature = request.get('x-quizapi-signature');
  if (!Buffer.isBuffer(body) || signature === undefined || !verify(body, signature)) {
    response.status(401).json({ error: 'Invalid signature' });
    return;
  }
  const event = JSON.parse(body.toString()) as Completion;
  response.status(200).json({ received: true });
  counts.acknowledged++;
  const mark = { at: performance.now() };
  waiting.add(mark);
  store(event)
    .then(
      () => counts.stored++,
      (error: Error) => {
        counts.failed++;
        console.error(`The guide could not store a completion: ${error.message}`);
      },
    )
    .finally(() => waiting.delete(mark));
});
app.get('/backlog', (_request, response) => {
  const [oldest] = waiting;
  const told: GuideBacklog = {
    ...counts,
    oldestSeconds: oldest === undefined ? 0 : (performance.now() - oldest.at) / 1000,
  };
  response.json(told);
});

function verify(body: Buffer, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const received = Buffer.from(signature.replace('sha256=', ''), 'hex');
  return received.byteLength === expected.byteLength && timingSafeEqual(expected, received);
}

async function store(event: Completion): Promise<void> {
  const { data } = event;
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const progress = await client.query<{ id: number }>(
      `INSERT INTO student_progress
         (user_id, quiz_id, quiz_title, score, total_questions, percentage, time_spent_seconds, completed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (user_id, quiz_id, completed_at) DO NOTHING
       RETURNING id`,
      [
        data.userId,
        data.quizId,
        data.quizTitle,
        data.score,
        data.totalQuestions,
        data.percentage,
        data.timeSpentSeconds,
        event.timestamp,
      ],
    );
    const id = progress.rows[0]?.id;
    if (id !== undefined) {
      for (const answer of data.answers) {
        await client.query(
          'INSERT INTO question_responses (progress_id, question_id, selected_answer_id, correct) VALUES ($1, $2, $3, $4)',
          [id, answer.questionId, answer.selectedAnswerId, answer.correct],
        );
      }
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
