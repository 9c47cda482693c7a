/**
 * Records who did or read what, for routes that say so in `config.audit`. Entries gather and are written together, after the
 * answers: what is recorded costs nobody a wait, and a database that is away keeps them waiting here.
 */
import type { FastifyRequest } from 'fastify';
import { type AuditEntry, appendAudit } from '../accounts/audit-log.ts';
import type { App, HttpContext, Principal } from './context.ts';

/** How long entries gather. */
const GATHER_MS = 500;
/** While the database is away no more than this is kept, so that it cannot fill the memory; what is lost is logged. */
const MAX_WAITING = 10_000;
/** A page that is left open reads the same person again and again: one line says it. */
const SAME_READ_MS = 5 * 60_000;
const REMEMBERED_READS = 5_000;

/** What a route says of itself. */
export interface AuditConfig {
  /** The thing, a dot, the verb: `learner.read`. */
  action: string;
  /** What it is about: the kind, and the path parameter with its id (`id` unless said otherwise). */
  target?: { kind: string; param?: string };
  /** A stream ends when its reader leaves; it is recorded when it begins. */
  when?: 'start';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What is recorded when the route succeeds. `null`: nothing, on purpose. */
    audit?: AuditConfig | null;
  }
  interface FastifyRequest {
    /** What the handler adds to the entry. */
    audited: AuditNote | null;
  }
}

export interface AuditNote {
  /** What was made, or stands in the body: instead of the path's. */
  target?: { kind: string; id: string | null };
  /** For people: what was changed, how many. No values of personal data. */
  details?: Record<string, unknown>;
  /** Who did it, where nobody was signed in before. */
  actor?: { workspace: number; kind: 'member' | 'system'; id: string | null; name: string };
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

  function add(request: FastifyRequest, config: AuditConfig): void {
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
    const { audit } = request.routeOptions.config;
    if (audit?.when === 'start') add(request, audit);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { audit } = request.routeOptions.config;
    if (!audit || audit.when === 'start' || reply.statusCode >= 400) return;
    add(request, audit);
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

function toEntry(request: FastifyRequest, { action, target }: AuditConfig): AuditEntry | null {
  const note = request.audited;
  const actor = note?.actor ?? (request.principal === null ? null : actorOf(request.principal));
  if (actor === null) return null;
  const { workspace, ...who } = actor;
  const inPath = target === undefined ? null : { kind: target.kind, id: paramOf(request, target.param ?? 'id') };
  return {
    workspace,
    at: new Date(),
    actor: who,
    action,
    target: note?.target ?? inPath,
    details: note?.details ?? {},
    ip: request.ip || null,
  };
}

function actorOf({ workspace, kind, keyId, userId, name }: Principal): AuditEntry['actor'] & { workspace: number } {
  return { workspace, kind: kind === 'session' ? 'member' : 'key', id: userId ?? keyId, name };
}

function paramOf(request: FastifyRequest, name: string): string | null {
  const { params } = request;
  if (typeof params !== 'object' || params === null) return null;
  const value: unknown = Reflect.get(params, name);
  return typeof value === 'string' ? value : null;
}
