/** Whether a platform on the internet can post to a URL, as far as the URL itself tells. */
import { BlockList, isIP } from 'node:net';

export interface Reach {
  ok: boolean;
  problem: 'loopback' | 'plain_http' | 'private' | null;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('0.0.0.0', 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addAddress('::', 'ipv6');

// RFC 1918, RFC 6598 (carrier-grade NAT), RFC 3927 and RFC 4291 (link-local), RFC 4193 (unique local).
const PRIVATE = new BlockList();
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE.addSubnet('100.64.0.0', 10, 'ipv4');
PRIVATE.addSubnet('169.254.0.0', 16, 'ipv4');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** Names that no public DNS resolves: RFC 6761, RFC 6762, RFC 8375, and what routers and companies use. */
const PRIVATE_NAME = /(^|\.)(local|lan|internal|intranet|home|corp|private|test|home\.arpa)$/;

/** The worst that the URL shows: who cannot be reached at all need not hear of https. */
export function reachOf(url: string): Reach {
  const { hostname, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const version = isIP(host);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (host === 'localhost' || host.endsWith('.localhost') || (version !== 0 && LOOPBACK.check(host, family))) {
    return { ok: false, problem: 'loopback' };
  }
  const bareName = version === 0 && !host.includes('.');
  if (bareName || PRIVATE_NAME.test(host) || (version !== 0 && PRIVATE.check(host, family))) {
    return { ok: false, problem: 'private' };
  }
  return protocol === 'https:' ? { ok: true, problem: null } : { ok: false, problem: 'plain_http' };
}
