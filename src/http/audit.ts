/**
 * Records who did or read what, as audit-actions.ts says for each route. Entries gather and are written together, after the
 * answers: what is recorded costs nobody a wait, and a database that is away keeps them waiting here.
 */
import type { FastifyRequest } from 'fastify';
import { type AuditEntry, appendAudit } from '../accounts/audit-log.ts';
import { type AuditAction, auditAction } from './audit-actions.ts';
import { clientAddress } from './client-address.ts';
import type { App, HttpContext, Principal } from './context.ts';

/** How long entries gather. */
const GATHER_MS = 500;
/** While the database is away no more than this is kept, so that it cannot fill the memory; what is lost is logged. */
const MAX_WAITING = 10_000;
/** A page that is left open reads the same person again and again: one line says it. */
const SAME_READ_MS = 5 * 60_000;
const REMEMBERED_READS = 5_000;

/** Names of query parameters whose values are personal, or say nothing. */
const UNTOLD = new Set(['search', 'email', 'externalId', 'cursor', 'limit', 'ticket', 'after', 'mapping']);

declare module 'fastify' {
  interface FastifyRequest {
    /** What the handler and its answer add to the entry. */
    audited: AuditNote | null;
  }
}

export interface AuditNote {
  /** It turned out to change and show nothing: no entry. */
  nothing?: true;
  /** What was made, or stands in the body: instead of the path's. */
  target?: { kind: string; id: string | null };
  /** For people: what was changed, how many. No values of personal data. */
  details?: Record<string, unknown>;
  /** Who did it, where nobody was signed in before. */
  actor?: { workspace: number; kind: 'member' | 'key'; id: string; name: string };
}

/** Adds to the entry of this request. */
export function audited(request: FastifyRequest, note: AuditNote): void {
  request.audited = { ...request.audited, ...note };
}

/** Adds the hooks; entries that wait are written before the app ends. */
export function recordAudit(app: App, { db, log }: HttpContext): void {
  let waiting: AuditEntry[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const reads = new Map<string, number>();

  function add(request: FastifyRequest, config: AuditAction): void {
    const entry = toEntry(request, config);
    if (entry === null || isRepeated(request.method, entry)) return;
    if (waiting.length >= MAX_WAITING) {
      log.error({ action: entry.action }, 'the audit log is not written: the database is away for too long');
      return;
    }
    waiting.push(entry);
    timer ??= setTimeout(flush, GATHER_MS);
  }

  /** Whether the same was read by the same a moment ago. Changes are never left out. */
  function isRepeated(method: string, { workspace, actor, action, target, at }: AuditEntry): boolean {
    if (method !== 'GET' && method !== 'HEAD') return false;
    const key = JSON.stringify([workspace, actor.id, action, target?.id]);
    const last = reads.get(key);
    if (last !== undefined && at.getTime() - last < SAME_READ_MS) return true;
    if (reads.size >= REMEMBERED_READS) reads.clear();
    reads.set(key, at.getTime());
    return false;
  }

  function flush(): void {
    timer = null;
    const entries = waiting;
    if (entries.length === 0) return;
    waiting = [];
    writing = writing
      .then(() => appendAudit(db, entries))
      .catch((error: unknown) => {
        log.warn({ err: error, entries: entries.length }, 'the audit log could not be written; it is tried again');
        waiting = [...entries, ...waiting].slice(0, MAX_WAITING);
        timer ??= setTimeout(flush, GATHER_MS * 4);
      });
  }

  app.decorateRequest('audited', null);
  app.addHook('preHandler', async (request) => {
    const config = auditAction(request.method, request.routeOptions.url);
    if (config?.when === 'start') add(request, config);
  });
  app.addHook('preSerialization', async (request, reply, payload) => {
    const config = auditAction(request.method, request.routeOptions.url);
    if (config && reply.statusCode < 400) audited(request, noteOf(request, config, payload));
    return payload;
  });
  app.addHook('onResponse', async (request, reply) => {
    const config = auditAction(request.method, request.routeOptions.url);
    if (!config || config.when === 'start' || reply.statusCode >= 400 || request.audited?.nothing) return;
    add(request, config);
  });
  app.addHook('onClose', async () => {
    if (timer !== null) clearTimeout(timer);
    flush();
    await writing;
    if (timer !== null) clearTimeout(timer);
    if (waiting.length > 0)
      log.error({ entries: waiting.length }, 'the last lines of the audit log could not be written');
  });
}

/** What the answer tells: the id of what was made, and counts. */
function noteOf(
  request: FastifyRequest,
  { target, param = 'id', told = [] }: AuditAction,
  payload: unknown,
): AuditNote {
  if (typeof payload !== 'object' || payload === null) return {};
  const id: unknown = Reflect.get(payload, 'id');
  const made = target !== undefined && paramOf(request, param) === null && typeof id === 'string';
  const kept = told.map((name): [string, unknown] => [name, Reflect.get(payload, name)]);
  return {
    ...(made ? { target: { kind: target, id } } : {}),
    ...(kept.length === 0 ? {} : { details: { ...request.audited?.details, ...Object.fromEntries(kept) } }),
  };
}

function toEntry(request: FastifyRequest, { action, target, param = 'id' }: AuditAction): AuditEntry | null {
  const note = request.audited;
  const actor = note?.actor ?? (request.principal === null ? null : actorOf(request.principal));
  if (actor === null) return null;
  const { workspace, ...who } = actor;
  return {
    workspace,
    at: new Date(),
    actor: who,
    action,
    target: note?.target ?? (target === undefined ? null : { kind: target, id: paramOf(request, param) }),
    details: { ...told(request), ...note?.details },
    ip: clientAddress(request) || null,
  };
}

/** Which filters were set, and which fields a change named; never what was written into them. */
function told({ query, body, method }: FastifyRequest): Record<string, unknown> {
  const filters =
    typeof query === 'object' && query !== null ? Object.entries(query).filter(([name]) => !UNTOLD.has(name)) : [];
  const fields = typeof body === 'object' && body !== null && !Buffer.isBuffer(body) ? Object.keys(body) : [];
  return {
    ...(filters.length === 0 ? {} : { filters: Object.fromEntries(filters) }),
    ...(fields.length === 0 || (method !== 'PATCH' && method !== 'PUT') ? {} : { fields }),
  };
}

/** A principal as the one who did it. */
export function actorOf({ workspace, kind, keyId, userId, name }: Principal): NonNullable<AuditNote['actor']> {
  return { workspace, kind: kind === 'session' ? 'member' : 'key', id: userId ?? keyId, name };
}

function paramOf(request: FastifyRequest, name: string): string | null {
  const { params } = request;
  if (typeof params !== 'object' || params === null) return null;
  const value: unknown = Reflect.get(params, name);
  return typeof value === 'string' ? value : null;
}
