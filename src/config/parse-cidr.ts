import { isIP } from 'node:net';

/** `10.0.0.0/8` or a single address (`10.0.0.1` becomes `10.0.0.1/32`); null for anything else. */
export function parseCidr(text: string): string | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return null;
  const bits = family === 4 ? 32 : 128;
  if (prefix === undefined) return `${address}/${bits}`;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? `${address}/${prefix}` : null;
}
