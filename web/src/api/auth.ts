/** Signing in and out: better-auth under /api/auth, which is not part of openapi.json. Failures are thrown as ApiError. */
import { ApiError } from './api-error.ts';

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'same-origin',
  }).catch((cause: unknown) => {
    throw ApiError.unreachable(cause);
  });
  if (!response.ok) throw await ApiError.from(response);
  return await response.json();
}

/** Sets the session's cookie. 401 `invalid_credentials`, 429 after too many tries that failed. */
export async function signInByPassword(email: string, password: string): Promise<void> {
  await post('/sign-in/email', { email, password });
}

/** Leaves for the provider, which leads back to `to`, or to the sign-in page with `?error=` when it refused. */
export async function signInByProvider(provider: string, to: string): Promise<void> {
  const answer = await post('/sign-in/social', { provider, callbackURL: to, errorCallbackURL: '/sign-in' });
  if (typeof answer === 'object' && answer !== null && 'url' in answer && typeof answer.url === 'string') {
    window.location.assign(answer.url);
  }
}

/** Mails a link to set a new password; whether the address has an account it does not tell. */
export async function requestPasswordLink(email: string): Promise<void> {
  await post('/request-password-reset', { email });
}

/** Sets the password of the link's holder and ends all of its sessions. */
export async function setPassword(token: string, newPassword: string): Promise<void> {
  await post('/reset-password', { token, newPassword });
}

/** Changes one's own password and ends one's other sessions. 401 `invalid_credentials` for a wrong current one. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await post('/change-password', { currentPassword, newPassword, revokeOtherSessions: true });
}
