/** Lets callers in, before anything of the request is read: who asks, and may that role call this route. */
import type { FastifyRequest } from 'fastify';
import { GradewireError } from '../core/errors.ts';
import type { App, HttpContext, Principal, TicketPurpose } from './context.ts';
import { requireSameOrigin } from './same-origin.ts';
import { redeemTicket } from './tickets.ts';

/**
 * Adds the hook. Access stands in the config of each route; a route under /api without one stops the start, so that
 * nothing is open because somebody forgot.
 */
export function authenticate(app: App, context: HttpContext): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api') && route.config?.access === undefined) {
      throw new Error(
        `The route ${String(route.method)} ${route.url} does not say who may call it. Give it config.access.`,
      );
    }
  });
  app.addHook('onRequest', async (request) => {
    const { access, ticket, keepsToLearner = false } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;
    const principal = await principalFor(request, context, ticket);
    if (!access.includes(principal.role)) {
      throw new GradewireError(
        'forbidden',
        principal.kind === 'session'
          ? `Your role is ${principal.role}; this is for ${access.join(' or ')}. Ask an administrator.`
          : `A key with the role ${principal.role} may not do that. Use one with the role ${access.join(' or ')}.`,
      );
    }
    if (principal.learnerId !== null && !access.includes('learner') && !keepsToLearner) {
      throw new GradewireError(
        'forbidden',
        'This key is limited to one learner, and this is about more than one. Use a key without that limit.',
      );
    }
    request.principal = principal;
  });
}

async function principalFor(
  request: FastifyRequest,
  context: HttpContext,
  purpose: TicketPurpose | undefined,
): Promise<Principal> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const key = /^Bearer (.{1,512})$/i.exec(header)?.[1]?.trim();
    const principal = key === undefined ? null : await context.keyring.principalOf(key);
    if (principal !== null) return principal;
    throw new GradewireError(
      'unauthorized',
      'This API key is unknown, expired or revoked. Send `Authorization: Bearer <API key>` with one that holds.',
    );
  }
  const ticket = purpose === undefined ? undefined : ticketIn(request.query);
  if (purpose !== undefined && ticket !== undefined) {
    const principal = await redeemTicket(context.db, context.keyring, ticket, { purpose, url: request.url });
    if (principal !== null) return principal;
    throw new GradewireError(
      'unauthorized',
      'This ticket is unknown, over, or for another stream. Ask POST /api/v1/tickets for a new one.',
    );
  }
  return await signedIn(request, context);
}

/** Who is signed in. The session is asked for first: who has none is told so, wherever the request comes from. */
async function signedIn(request: FastifyRequest, { accounts, keyring, settings }: HttpContext): Promise<Principal> {
  const token = accounts.tokenIn(request.headers.cookie);
  const principal = token === null ? null : await keyring.principalOfSession(token);
  if (principal === null) throw new GradewireError('unauthorized');
  requireSameOrigin(request.method, request.headers, settings.publicUrl);
  return principal;
}

function ticketIn(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('ticket' in query)) return undefined;
  return typeof query.ticket === 'string' && query.ticket.length <= 200 ? query.ticket : undefined;
}
