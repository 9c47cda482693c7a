import { Type } from 'typebox';
import { ROLES } from '../context.ts';
import { nullable, time } from './common.ts';

export const keyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: 'For people: what uses this key.' }),
    role: Type.Enum([...ROLES]),
    learner: Type.Optional(
      nullable(
        Type.String({
          description:
            'The learner id the key is limited to, whatever its role; needed for the role `learner`. A limited key may only ' +
            'call what concerns that learner.',
        }),
      ),
    ),
    cohorts: Type.Optional(
      nullable(
        Type.Array(Type.String(), {
          maxItems: 200,
          description: 'Only learners of these cohorts; for the role `instructor`.',
        }),
      ),
    ),
    expiresAt: Type.Optional(
      nullable(Type.String({ description: 'From this time on the key no longer holds (RFC 3339).' })),
    ),
  },
  { additionalProperties: false },
);

export const keySchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.Enum([...ROLES]),
  hint: Type.String({ description: 'The first characters of the key.' }),
  learner: nullable(Type.String()),
  cohorts: nullable(Type.Array(Type.String())),
  expiresAt: nullable(time),
  createdAt: time,
  lastUsedAt: nullable(time),
});

export const newKeySchema = Type.Intersect([
  keySchema,
  Type.Object({ key: Type.String({ description: 'The key itself. It is shown this once.' }) }),
]);
