/** Reads IP addresses and says what kind of network each lies in (IANA's special-purpose registries, RFC 6890 and after). */
import { isIP } from 'node:net';

export interface Address {
  family: 4 | 6;
  /** 32 or 128 bits. */
  bits: bigint;
}

interface Network extends Address {
  /** Bits that count. */
  length: number;
}

/**
 * The address that a packet would go to: one that only carries an IPv4 address to its gateway (IPv4-mapped, NAT64's own
 * prefix) is that IPv4 address. A zone (`%eth0`) and brackets are left out. null: not an address as inet_pton reads one.
 */
export function parseAddress(text: string): Address | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return null;
  if (family === 4) return { family, bits: fourBytes(bare) };
  return unwrapped({ family: 6, bits: eightGroups(bare) });
}

/** `10.0.0.0/8` as src/config/parse-cidr.ts gives it. An IPv4-mapped network is the IPv4 network. */
export function parseNetwork(cidr: string): Network {
  const [text = '', length = ''] = cidr.split('/');
  const family = isIP(text) === 4 ? 4 : 6;
  const network: Network = {
    family,
    bits: family === 4 ? fourBytes(text) : eightGroups(text),
    length: Number(length),
  };
  if (family === 4 || network.length < 96 || network.bits >> 32n !== MAPPED) return network;
  return { family: 4, bits: network.bits & LOW_32, length: network.length - 96 };
}

/** Whether the address lies in the network. */
export function within(address: Address, network: Network): boolean {
  if (address.family !== network.family) return false;
  const rest = BigInt((network.family === 4 ? 32 : 128) - network.length);
  return address.bits >> rest === network.bits >> rest;
}

/** Why no endpoint can be expected there (`private`, `a loopback address`, …); null for an address of the public internet. */
export function specialUse(address: Address): string | null {
  const special = (address.family === 4 ? SPECIAL_4 : SPECIAL_6).find(([network]) => within(address, network));
  if (special !== undefined) return special[1];
  if (address.family === 4) return null;
  // ISATAP (RFC 5214): the interface id carries an IPv4 address that the packet is tunnelled to.
  if (((address.bits >> 32n) & 0xfdffffffn) === 0x00005efen) return 'an ISATAP tunnel';
  // Everything that IANA has not given out for global unicast (RFC 4291, 2.4).
  return within(address, GLOBAL_UNICAST) ? null : 'reserved';
}

const LOW_32 = 0xffffffffn;
/** ::ffff:0:0/96, what stands above the IPv4 address. */
const MAPPED = 0xffffn;
/** 64:ff9b::/96 (RFC 6052): on networks with DNS64 every IPv4 receiver is reached through it. */
const NAT64 = 0x0064_ff9b_0000_0000_0000_0000n;

function unwrapped(address: Address): Address {
  const above = address.bits >> 32n;
  return above === MAPPED || above === NAT64 ? { family: 4, bits: address.bits & LOW_32 } : address;
}

function fourBytes(text: string): bigint {
  return text.split('.').reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

function eightGroups(text: string): bigint {
  const last = text.lastIndexOf(':') + 1;
  const dotted = text.slice(last);
  if (dotted.includes('.')) {
    const bits = fourBytes(dotted);
    return eightGroups(`${text.slice(0, last)}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`);
  }
  const [left = [], right = []] = text.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function networks(table: readonly (readonly [cidr: string, what: string])[]): readonly (readonly [Network, string])[] {
  return table.map(([cidr, what]) => [parseNetwork(cidr), what]);
}

const GLOBAL_UNICAST = parseNetwork('2000::/3');

const SPECIAL_4 = networks([
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared by a provider’s customers (CGNAT)'],
  ['127.0.0.0/8', 'a loopback address'],
  ['169.254.169.254/32', 'a cloud’s metadata service'],
  ['169.254.0.0/16', 'link-local'],
  // Azure's agent endpoint has an address that looks public.
  ['168.63.129.16/32', 'a cloud’s metadata service'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved for protocols'],
  ['192.0.2.0/24', 'for documentation only'],
  ['192.88.99.0/24', 'a 6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'for benchmarks only'],
  ['198.51.100.0/24', 'for documentation only'],
  ['203.0.113.0/24', 'for documentation only'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],
]);

const SPECIAL_6 = networks([
  ['::/128', 'unspecified'],
  ['::1/128', 'a loopback address'],
  ['::/96', 'an IPv4 address in a form that is no longer used'],
  ['::ffff:0:0:0/96', 'an IPv4 address in translation'],
  ['64:ff9b:1::/48', 'a local NAT64 gateway'],
  ['100::/64', 'discarded by routers'],
  ['2001::/32', 'a Teredo tunnel'],
  ['2001:db8::/32', 'for documentation only'],
  ['2001::/23', 'reserved for protocols'],
  ['2002::/16', 'a 6to4 tunnel'],
  ['3fff::/20', 'for documentation only'],
  ['fd00:ec2::254/128', 'a cloud’s metadata service'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
]);
