/**
 * Which addresses the server may call on behalf of its users. Asked twice: about the URL when an endpoint is made, so that
 * people get a sentence at once, and about the very address a connection is made to (connector.ts), which is what protects.
 */
import { type Address, parseAddress, parseNetwork, specialUse, within } from './address.ts';

/** GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS: true, anywhere; networks (CIDR), there too; false, public addresses only. */
export type AllowPrivate = boolean | readonly string[];

export type Scheme = 'http:' | 'https:';

export interface AddressGuard {
  /** Why this address may not be connected to, as what follows "leads to an address that"; null when it may. */
  refusal(address: string, scheme: Scheme): string | null;
  /** What is wrong with a URL as far as can be told without resolving its name: a sentence; null when nothing is. */
  urlProblem(url: string): string | null;
}

/** The setting that decides, for sentences. */
const SETTING = 'GRADEWIRE_ALLOW_PRIVATE_ENDPOINTS';
/** Longer ones are refused by proxies and would swell every row of the log. */
const LONGEST_URL = 2048;

/** Makes the guard of a setting. */
export function addressGuard(allow: AllowPrivate): AddressGuard {
  const allowed = typeof allow === 'boolean' ? [] : allow.map(parseNetwork);
  const listed = (address: Address): boolean => allowed.some((network) => within(address, network));

  const refusal: AddressGuard['refusal'] = (text, scheme) => {
    if (allow === true) return null;
    const address = parseAddress(text);
    if (address === null) return 'cannot be read';
    if (listed(address)) return null;
    const use = specialUse(address);
    if (use !== null) return `is ${use}`;
    return scheme === 'http:' ? 'would be called without encryption' : null;
  };

  return {
    refusal,
    urlProblem(text) {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
        return 'This is not the URL of a web server. Write it like https://example.com/hooks.';
      }
      if (text.length > LONGEST_URL) return `This URL is longer than ${LONGEST_URL} characters. Use a shorter one.`;
      if (url.username !== '' || url.password !== '') {
        return 'The URL holds a user name or password, which would end up in logs. Take them out and use the auth setting.';
      }
      if (url.protocol === 'http:' && allow === false) {
        return `Use https. Plain http is only for addresses that ${SETTING} allows.`;
      }
      // WHATWG has made `0x7f.1`, `2130706433`, `127.0.0.1.` and full-width digits plain by now.
      if (parseAddress(url.hostname) !== null) {
        const why = refusal(url.hostname, url.protocol);
        return why === null ? null : refusalSentence(url.hostname, why);
      }
      if (allow === false && /^(.+\.)?localhost\.?$/.test(url.hostname)) {
        return refusalSentence(url.hostname, 'is a loopback address');
      }
      return null;
    },
  };
}

/** The whole sentence. Addresses that a name led to are not named: that would make the server a directory of its network. */
export function refusalSentence(host: string, why: string): string {
  const what = parseAddress(host) === null ? `${host} leads to an address that ${why}` : `The address ${host} ${why}`;
  return `${what}, so it is not called. Use a public https address, or have the operator allow it with ${SETTING}.`;
}
