/** Somebody who came by an invitation, on a server that runs. */

/** A POST of the API with the admin key, parsed. */
type Post = <T>(path: string, body: object) => Promise<T>;

/** Invites and accepts. Gives the cookies of the session, as Set-Cookie has them. */
export async function invited(
  server: { url: string; post: Post },
  { email, role, name }: { email: string; role: string; name: string },
): Promise<string[]> {
  const { url } = await server.post<{ url: string }>('/api/v1/members/invitations', { email, role });
  const accepted = await fetch(`${server.url}/api/v1/invitations/${url.split('/').at(-1)}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: 'a long password of somebody' }),
  });
  if (!accepted.ok) throw new Error(`Accepting answered ${accepted.status}: ${await accepted.text()}`);
  return accepted.headers.getSetCookie();
}
