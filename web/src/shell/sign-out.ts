/** Ends the session and leaves nothing of it in the page. */
export async function signOut(): Promise<void> {
  await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    credentials: 'same-origin',
  });
  // A full load, so that no cached answer about learners outlives the session.
  window.location.assign('/sign-in');
}
