import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address that a request came from: behind a proxy of GRADEWIRE_TRUSTED_PROXIES, the last one in X-Forwarded-For that is no such
 * proxy; whatever stands before it, anybody can write. The connection's own where that is no address. Empty when the connection is gone.
 */
export function clientAddress(request: FastifyRequest): string {
  // Fastify gives undefined for a connection that has ended, whatever its types say.
  const told: string | undefined = request.ip;
  return told !== undefined && isIP(told) !== 0 ? told : (request.socket.remoteAddress ?? '');
}
