/** People who sign in: accounts as an invitation makes them, and the cookie header of a session. */
import { hashPassword } from 'better-auth/crypto';
import { createAccount } from '../../src/accounts/create-account.ts';
import type { MemberLimits } from '../../src/accounts/member.ts';
import type { Uuid } from '../../src/core/ids.ts';
import { publicId } from '../../src/core/ids.ts';
import type { Database } from '../../src/db/database.ts';

export const PASSWORD = 'correct horse battery';

export interface TestMember {
  userId: Uuid;
  /** As the API names the member. */
  id: string;
  email: string;
  password: string;
}

let hashed: Promise<string> | undefined;
let made = 0;

/** Writes a member with an account; an admin unless told otherwise. */
export async function makeMember(
  db: Database,
  limits: Partial<MemberLimits> & { workspace?: number; email?: string; name?: string } = {},
): Promise<TestMember> {
  made += 1;
  const { workspace = 1, role = 'admin', learnerId = null, cohorts = null } = limits;
  const email = limits.email ?? `${role}-${made}@example.org`;
  hashed ??= hashPassword(PASSWORD);
  const account = { email, name: limits.name ?? `The ${role}`, passwordHash: await hashed };
  const userId = await createAccount(db, account);
  if (userId === null) throw new Error(`There is an account ${email} already.`);
  await db.query('INSERT INTO members (workspace, user_id, role, learner_id, cohorts) VALUES ($1, $2, $3, $4, $5)', [
    workspace,
    userId,
    role,
    learnerId,
    cohorts,
  ]);
  return { userId, id: publicId('mem', userId), email, password: PASSWORD };
}

/** Signs in at a server that listens at `origin`, as its own page would; gives the Cookie header. */
export async function signInAt(origin: string, person: { email: string; password?: string }): Promise<string> {
  const response = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: person.email, password: person.password ?? PASSWORD }),
  });
  if (!response.ok) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
  return cookieHeader(response.headers.getSetCookie());
}

/** What a browser would send back: names and values, without those that were taken away. */
function cookieHeader(setCookies: readonly string[]): string {
  return setCookies
    .filter((cookie) => !/max-age=0/i.test(cookie))
    .map((cookie) => cookie.split(';', 1)[0] ?? '')
    .join('; ');
}
