/**
 * A learning record store over HTTP: keeps statements, and refuses as xAPI 1.0.3 says. A request with one bad statement is
 * refused as a whole; the same id with another meaning is a 409; a voided statement is found only as such.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/core/vocabulary.ts';
import { statementProblems } from './xapi-rules.ts';

export interface Lrs {
  /** Without /statements. */
  url: string;
  /** What it holds, by id. */
  statements: Map<string, JsonObject>;
  /** Ids of statements that were taken back. */
  voided: Set<string>;
  /** How many requests of each kind came: `POST 200`, `GET 404`. */
  answers: string[];
  close(): Promise<void>;
}

export interface LrsOptions {
  /** What `authorization` must be. */
  authorization?: string;
  /** Answers before anything is looked at, for one request; null: go on. */
  before?(request: { method: string; number: number }): { status: number; headers?: Record<string, string> } | null;
  /** A statement this LRS does not like. */
  refuses?(statement: JsonObject): boolean;
}

const VOIDED = 'http://adlnet.gov/expapi/verbs/voided';

export async function startLrs(options: LrsOptions = {}): Promise<Lrs> {
  const statements = new Map<string, JsonObject>();
  const voided = new Set<string>();
  const answers: string[] = [];
  let number = 0;

  const say = (request: IncomingMessage, response: ServerResponse, status: number, body: unknown, headers = {}) => {
    answers.push(`${request.method} ${status}`);
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-experience-api-version': '1.0.3', ...headers })
      .end(JSON.stringify(body));
  };

  const take = (request: IncomingMessage, response: ServerResponse, text: string) => {
    const list = JSON.parse(text) as JsonObject[];
    const ids = list.map(({ id }) => String(id));
    if (list.length === 0 || new Set(ids).size < ids.length) return say(request, response, 400, 'Ids are not unique.');
    for (const statement of list) {
      const problems = statementProblems(statement);
      if (problems.length > 0) return say(request, response, 400, problems);
      if (options.refuses?.(statement) === true) return say(request, response, 400, 'This LRS does not like it.');
      const held = statements.get(String(statement.id));
      if (held !== undefined && meaning(held) !== meaning(statement)) {
        return say(request, response, 409, `Another statement bears the id ${String(statement.id)}.`);
      }
    }
    for (const statement of list) {
      statements.set(String(statement.id), { ...statement, stored: new Date().toISOString() });
      if ((statement.verb as JsonObject).id === VOIDED) voided.add(String((statement.object as JsonObject).id));
    }
    say(request, response, 200, ids);
  };

  const give = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => {
    const id = query.get('statementId');
    const voidedId = query.get('voidedStatementId');
    const found = statements.get(id ?? voidedId ?? '');
    const fits = found !== undefined && voided.has(String(found.id)) === (voidedId !== null);
    say(request, response, fits ? 200 : 404, fits ? found : 'No such statement.');
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://lrs');
      const first = options.before?.({ method: request.method ?? '', number: number++ });
      if (first) return say(request, response, first.status, 'Not now.', first.headers);
      if (request.headers['x-experience-api-version'] !== '1.0.3') return say(request, response, 400, 'Which version?');
      if (options.authorization !== undefined && request.headers.authorization !== options.authorization) {
        return say(request, response, 401, 'Who are you?');
      }
      if (pathname !== '/xapi/statements') return say(request, response, 404, 'There is nothing here.');
      if (request.method === 'POST') take(request, response, Buffer.concat(chunks).toString());
      else give(request, response, searchParams);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/xapi`,
    statements,
    voided,
    answers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What an LRS compares: all but what it adds itself and what is for display. */
function meaning({ actor, verb, object, result, timestamp }: JsonObject): string {
  const account = (actor as JsonObject).account ?? (actor as JsonObject).mbox ?? null;
  return JSON.stringify([account, (verb as JsonObject).id, (object as JsonObject).id, result ?? null, timestamp]);
}
