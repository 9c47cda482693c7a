/** Members of a workspace and invitations to it. */
import { Type } from 'typebox';
import { MEMBER_ROLES } from '../../accounts/member.ts';
import { nullable, time } from './common.ts';

const role = Type.Enum([...MEMBER_ROLES]);

/** An e-mail address as people type it: whether it exists only a mail can tell. */
const emailText = Type.String({
  minLength: 3,
  maxLength: 320,
  pattern: '^[^\\s@\\u0000]+@[^\\s@\\u0000]+$',
  examples: ['asha@example.org'],
});

const personName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

/** Long passwords instead of odd ones: NIST SP 800-63B. The upper bound is better-auth's. */
const passwordText = Type.String({ minLength: 10, maxLength: 128 });

export const learnerRef = Type.Object({ id: Type.String(), name: nullable(Type.String()) });
export const cohortRef = Type.Object({ id: Type.String(), name: Type.String() });

export const memberSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role,
  learner: nullable(learnerRef),
  cohorts: nullable(Type.Array(cohortRef)),
  createdAt: time,
  lastSeenAt: nullable(time),
});

export const passwordLinkSchema = Type.Object({
  url: Type.String({ description: 'The link to hand over. It is shown this once.' }),
  expiresAt: time,
});

const limits = {
  learner: Type.Optional(
    nullable(
      Type.String({ description: 'A learner id; needed for the role `learner`, which sees only that learner.' }),
    ),
  ),
  cohorts: Type.Optional(
    nullable(
      Type.Array(Type.String(), {
        maxItems: 200,
        description: 'Cohort ids an instructor is limited to; null: every learner.',
      }),
    ),
  ),
};

export const memberPatch = Type.Object({ role: Type.Optional(role), ...limits }, { additionalProperties: false });

export const invitationBody = Type.Object({ email: emailText, role, ...limits }, { additionalProperties: false });

const invitation = {
  id: Type.String(),
  email: Type.String(),
  role,
  learner: nullable(learnerRef),
  cohorts: nullable(Type.Array(cohortRef)),
  createdAt: time,
  expiresAt: time,
};

export const invitationSchema = Type.Object(invitation);

export const newInvitationSchema = Type.Object({
  ...invitation,
  url: Type.String({ description: 'The link to hand over. It is shown this once.' }),
  mailed: Type.Boolean({ description: 'Whether it was mailed as well (SMTP_URL).' }),
});

export const openInvitationSchema = Type.Object({
  email: Type.String(),
  role,
  workspace: Type.Object({ name: Type.String() }),
  expiresAt: time,
});

export const acceptBody = Type.Object({ name: personName, password: passwordText }, { additionalProperties: false });

export const signedInSchema = Type.Object({ email: Type.String() });

export const setupBody = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 200 }),
    name: personName,
    email: emailText,
    password: passwordText,
  },
  { additionalProperties: false },
);

export const signInOptionsSchema = Type.Object({
  setupNeeded: Type.Boolean({ description: 'No admin has an account yet: the server printed a one-time link.' }),
  sso: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  mail: Type.Boolean({ description: 'Whether this server sends mail (SMTP_URL).' }),
});

export const sessionSchema = Type.Object({
  id: Type.String(),
  createdAt: time,
  lastSeenAt: nullable(time),
  expiresAt: time,
  userAgent: nullable(Type.String()),
  ip: nullable(Type.String()),
  current: Type.Boolean(),
});
