/** How a source fares. */
import { Type } from 'typebox';
import { nullable, time } from './common.ts';

export const sourceHealthSchema = Type.Object({
  lastReceiptAt: nullable(time),
  receipts24h: Type.Integer({ minimum: 0 }),
  rejections24h: Type.Integer({ minimum: 0, description: 'At least: of a flood only a sample is kept.' }),
  silent: Type.Boolean({ description: 'Nothing came for longer than is usual for this source.' }),
  rejecting: Type.Boolean({ description: 'More is refused than taken.' }),
  expectedEveryHours: nullable(
    Type.Number({
      description:
        'Longer than this without a webhook is silence: the workspace’s silenceHours, else one and a half times the longest ' +
        'pause of the last 28 days; null while too little came to tell.',
    }),
  ),
  lastRejection: nullable(
    Type.Object({
      at: time,
      reason: Type.String({ description: 'The error code that was answered.' }),
      explanation: Type.String({ description: 'What was wrong and what to do, for a person.' }),
    }),
  ),
});

export const reachSchema = Type.Object(
  {
    ok: Type.Boolean(),
    problem: nullable(
      Type.Enum(['loopback', 'plain_http', 'private'], {
        description:
          'loopback: only this machine can reach it. private: only this network can. plain_http: most platforms post to https only, and on the way anybody can read it.',
      }),
    ),
  },
  { description: 'Whether platforms on the internet can post to ingestUrl, as far as the URL tells.' },
);
