/** Connects only to addresses that the guard allows: what was checked is what is connected to, so no DNS answer can change in between. */
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressGuard, refusalSentence, type Scheme } from './address-guard.ts';
import { OutgoingError } from './failure.ts';
import type { Resolve } from './lookup.ts';

/** Leaves time within a try to say what is wrong. */
const CONNECT_MS = 10_000;

/** For undici's `connect` option. */
export function guardedConnector(guard: AddressGuard, resolve: Resolve): buildConnector.connector {
  const connect = { 'http:': connectorOf('http:'), 'https:': connectorOf('https:') };

  function connectorOf(scheme: Scheme): buildConnector.connector {
    const options = {
      // HTTP/2 would share one connection among deliveries, and one reset would fail them all.
      allowH2: false,
      timeout: CONNECT_MS,
      autoSelectFamily: true,
      lookup: guardedLookup(guard, resolve, scheme),
    };
    return buildConnector(options);
  }

  return (options, callback) => {
    const scheme = options.protocol === 'https:' ? 'https:' : 'http:';
    // Node asks `lookup` about names only.
    const why = isIP(options.hostname) === 0 ? null : guard.refusal(options.hostname, scheme);
    if (why === null) connect[scheme](options, callback);
    else process.nextTick(callback, new OutgoingError('address', refusalSentence(options.hostname, why)), null);
  };
}

/** `lookup` of net.connect: hands out only what may be connected to. */
function guardedLookup(guard: AddressGuard, resolve: Resolve, scheme: Scheme): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        let why: string | null = null;
        const allowed = addresses.filter(({ address }) => {
          const refusal = guard.refusal(address, scheme);
          why ??= refusal;
          return refusal === null;
        });
        const [first] = allowed;
        if (first === undefined) {
          callback(new OutgoingError('address', refusalSentence(hostname, why ?? 'cannot be read')), '', 0);
        } else if (options.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
