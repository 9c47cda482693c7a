/** Names and bounds of accounts that both the light part (auth.ts) and better-auth's (engine.ts) go by. */

/** Everything that is the dashboard's begins with this, so that other programs of the host keep their cookies. */
export const COOKIE_PREFIX = 'gradewire';
/** NIST SP 800-63B asks for length instead of odd characters. */
export const MIN_PASSWORD = 10;
/** In callback URLs registered at the provider, so it never changes. */
export const OIDC_ID = 'oidc';
/** Password links hold so long. */
export const PASSWORD_LINK_SECONDS = 3600;
/** Set by us from the connection; what a client sends under this name is dropped. */
export const IP_HEADER = 'x-gradewire-client-ip';

/** Whether browsers reach it by https only, so that cookies may insist on that. */
export function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
