/** Secrets made up in the browser, for platforms that take one of ours: 256 bits. */
const BYTES = 32;

/** Letters, digits, - and _: survives every form field and shell. */
export function randomSecret(): string {
  return base64(crypto.getRandomValues(new Uint8Array(BYTES)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** As Standard Webhooks writes them. */
export function randomSigningSecret(): string {
  return `whsec_${base64(crypto.getRandomValues(new Uint8Array(BYTES)))}`;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
