import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address that a request came from: behind a proxy of GRADEWIRE_TRUSTED_PROXIES, the last one in X-Forwarded-For that is no such
 * proxy; whatever stands before it, anybody can write. The connection's own where that is no address. Empty when the connection is gone.
 */
export function clientAddress(request: FastifyRequest): string {
  // Fastify gives undefined for a connection that has ended, whatever its types say.
  const told: string | undefined = request.ip;
  const address = told === undefined ? '' : withoutPort(told);
  return isIP(address) === 0 ? (request.socket.remoteAddress ?? '') : address;
}

/** Some gateways (Azure's) write the client's port behind its address; RFC 7239 has brackets around IPv6 then. */
function withoutPort(told: string): string {
  const [, v4, v6] = /^(?:(\d+\.\d+\.\d+\.\d+):\d+|\[([^\]]+)\](?::\d+)?)$/.exec(told) ?? [];
  return v4 ?? v6 ?? told;
}
