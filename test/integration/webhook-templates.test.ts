/** Bodies that people shape: templates with their limits, and presets as their receivers document them. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/vocabulary.ts';
import { guardedHttp } from '../../src/delivery/http/client.ts';
import type { KindTools } from '../../src/delivery/kinds/kind.ts';
import { webhookKind } from '../../src/delivery/kinds/webhook/webhook.ts';
import type { EventObject } from '../../src/live/events.ts';
import { exampleEvent, kindTools, outgoing, testEndpoint } from '../helpers/delivery.ts';

/** A client that keeps what it is given. */
function keeping(): { tools: KindTools; sent: { body: string; headers: Record<string, string> }[] } {
  const sent: { body: string; headers: Record<string, string> }[] = [];
  const tools = kindTools({
    urlProblem: () => null,
    async request({ body, headers }) {
      sent.push({ body: body.toString(), headers });
      return { status: 200, headers: {}, body: '' };
    },
  });
  return { tools, sent };
}

async function bodyOf(config: JsonObject, event: EventObject = exampleEvent()) {
  const { tools, sent } = keeping();
  const endpoint = testEndpoint('https://receiver.example/', config);
  expect(webhookKind.check(endpoint, tools)).toEqual([]);
  const [tried] = await webhookKind.send(endpoint, [outgoing(event)], tools, new AbortController().signal);
  return { outcome: tried?.outcome, body: sent[0]?.body ?? null, type: sent[0]?.headers['content-type'] };
}

const json = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

describe('templates', () => {
  it('make the body of the usual one, which is what is shown beforehand', async () => {
    const template = '{"who": data.learner.name, "points": data.attempt.score, "kind": type}';
    const { body, type } = await bodyOf({ template });
    expect([type, json(body)]).toEqual([
      'application/json',
      { who: 'Asha Rao', points: exampleEvent().attempt?.score, kind: 'attempt.completed' },
    ]);
    const endpoint = testEndpoint('https://receiver.example/', { template });
    expect(await webhookKind.preview(endpoint, outgoing(), { publicUrl: '', now: Date.now })).toEqual(json(body));
  });

  it('make text where the content type is text', async () => {
    const config = { template: 'data.learner.name & ": " & $string(data.attempt.score)', contentType: 'text/plain' };
    expect(await bodyOf(config)).toMatchObject({ body: expect.stringMatching(/^Asha Rao: \d+$/), type: 'text/plain' });
    expect((await bodyOf({ template: '42', contentType: 'text/plain' })).outcome).toMatchObject({
      kind: 'refused',
      error: expect.stringMatching(/must give text/),
    });
  });

  it.each([
    ['data.no.such.field', /gave nothing/],
    ['$error("not this one")', /line 1, column \d+: not this one\.$/],
    ['{\n  "a": 1,\n  "b": type.foo(1)\n}', /line 3, column \d+: Attempted to invoke a non-function/],
    ['[1..10000000]', /maximum sequence length/],
    ['$pad("", 1000000000)', /Invalid string length/],
    ['$pad("", 2000000)', /more than 1000000 characters/],
    ['($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(10000))', /Stack overflow/],
    ['function($x) { $x }', /The template failed|gave a function/],
  ])('that fail say where, and are not tried again: %s', async (template, error) => {
    const { outcome, body } = await bodyOf({ template });
    expect(outcome).toEqual({ kind: 'refused', error: expect.stringMatching(error) });
    expect(body).toBeNull();
  });

  it.each([
    ['runs for ever', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['backtracks for ever', '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /(a+)+$/)'],
    ['eats memory', '$map([1..99999], function($i) { $map([1..9999], function($j) { $string($i) & $string($j) }) })'],
  ])('that %s are stopped, and others go on', async (_, template) => {
    expect((await bodyOf({ template })).outcome).toMatchObject({
      kind: 'failed',
      error: expect.stringMatching(/took too long or too much memory/),
    });
    expect(json((await bodyOf({ template: '{"fine": type}' })).body)).toEqual({ fine: 'attempt.completed' });
  });

  it('see nothing of the server, and cannot change what the next one sees', async () => {
    const nothing = ['process.env', 'globalThis.process', '$eval("process")', '$constructor', 'data.constructor.name'];
    for (const template of nothing) expect((await bodyOf({ template })).outcome?.kind).toBe('refused');
    await bodyOf({ template: '$ ~> |data|{"__proto__": {"polluted": true}, "constructor": 1}|' });
    const { body } = await bodyOf({ template: '{"seen": $exists(data.polluted) or $exists(polluted)}' });
    expect(json(body)).toEqual({ seen: false });
  });

  it('that cannot be read are refused when they are written', () => {
    const { tools } = keeping();
    const problems = webhookKind.check(testEndpoint('https://receiver.example/', { template: '{\n "a": }' }), tools);
    expect(problems).toEqual([{ path: 'config.template', message: expect.stringMatching(/line 2, column \d+/) }]);
  });
});

describe('presets', () => {
  it('zapier: one level, always the same fields', async () => {
    const completed = json((await bodyOf({ preset: 'zapier' })).body);
    expect(completed).toMatchObject({
      id: 'msg_2b1f0a9e8d7c6b5a49382716f5e4d3c2',
      type: 'attempt.completed',
      learner_name: 'Asha Rao',
      activity_title: 'Fractions, part 1',
      score: exampleEvent().attempt?.score,
    });
    const invited = json((await bodyOf({ preset: 'zapier' }, exampleEvent('invite.claimed'))).body);
    for (const body of [completed, invited] as object[]) {
      expect(Object.keys(body)).toEqual(Object.keys(completed as object));
      expect(Object.values(body).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
    }
  });

  it('slack: text and blocks, in which a name is only a name', async () => {
    const event = exampleEvent();
    const odd = { ...event, learner: event.learner && { ...event.learner, name: '<!channel> & <https://evil|x>' } };
    const body = json((await bodyOf({ preset: 'slack' }, odd)).body);
    expect(body).toEqual({
      text: '&lt;!channel&gt; &amp; &lt;https://evil|x&gt; completed Fractions, part 1.',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: expect.stringMatching(/^&lt;[\s\S]+\*Result\* \d+ %/) } },
        { type: 'context', elements: [{ type: 'mrkdwn', text: expect.stringContaining('attempt.completed') }] },
      ],
    });
  });

  it('hubspot: an occurrence of a custom event, counted once however often it is sent', async () => {
    const config = { preset: 'hubspot', hubspotEvent: 'pe123_quiz_completed', auth: { type: 'bearer', token: 'pat' } };
    const [first, again] = [await bodyOf(config), await bodyOf(config)];
    expect(json(first.body)).toEqual({
      eventName: 'pe123_quiz_completed',
      email: exampleEvent().learner?.email,
      occurredAt: exampleEvent().occurredAt,
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      properties: expect.objectContaining({ type: 'attempt.completed', activity_title: 'Fractions, part 1' }),
    });
    const { properties } = json(first.body) as { properties: object };
    expect(Object.values(properties).every((value) => typeof value === 'string')).toBe(true);
    expect(again.body).toBe(first.body);
    const event = exampleEvent();
    const nameless = { ...event, learner: event.learner && { ...event.learner, email: null } };
    expect((await bodyOf(config, nameless)).outcome).toEqual({
      kind: 'skipped',
      reason: expect.stringMatching(/by their e-mail address/),
    });
    const { tools } = keeping();
    const wrong = testEndpoint('https://api.hubapi.com/', { preset: 'hubspot' }, { personalData: 'none' });
    expect(webhookKind.check(wrong, tools).map(({ path }) => path)).toEqual(['config.hubspotEvent', 'personalData']);
  });

  it('salesforce: fields of a platform event', async () => {
    expect(json((await bodyOf({ preset: 'salesforce' })).body)).toMatchObject({
      Webhook_Id__c: 'msg_2b1f0a9e8d7c6b5a49382716f5e4d3c2',
      Type__c: 'attempt.completed',
      Learner_Name__c: 'Asha Rao',
      Occurred_At__c: exampleEvent().occurredAt,
      Test__c: false,
    });
  });
});

describe('settings that cannot work', () => {
  const guarded = guardedHttp({ allowPrivate: false });
  const problems = (config: JsonObject) =>
    webhookKind.check(testEndpoint('https://receiver.example/', config), kindTools(guarded));

  it.each([
    [{ headers: { 'webhook-id': 'x' } }, 'config.headers.webhook-id', /Gradewire itself/],
    [{ headers: { Host: 'x' } }, 'config.headers.Host', /Gradewire itself/],
    [{ headers: { 'Content-Length': '3' } }, 'config.headers.Content-Length', /Gradewire itself/],
    [{ headers: { 'Content-Type': 'text/xml' } }, 'config.headers.Content-Type', /contentType/],
    [{ headers: { 'a b': 'x' } }, 'config.headers.a b', /not the name/],
    [{ headers: { a: 'x\r\nwebhook-id: y' } }, 'config.headers.a', /line breaks/],
    [{ headers: { a: '✓' } }, 'config.headers.a', /Latin-1/],
    [{ headers: { a: 'x' }, secretHeaders: { A: 'y' } }, 'config.secretHeaders.A', /twice/],
    [
      { headers: { authorization: 'x' }, auth: { type: 'bearer', token: 't' } },
      'config.headers.authorization',
      /auth setting/,
    ],
    [{ auth: { type: 'basic', username: 'a:b', password: '' } }, 'config.auth.username', /colon/],
    [{ auth: { type: 'bearer', token: 'a b' } }, 'config.auth.token', /no spaces/],
    [{ preset: 'zapier', template: '1' }, 'config.template', /not both/],
    [{ contentType: 'text/plain' }, 'config.contentType', /Only a template/],
    [{ template: '1', contentType: 'text' }, 'config.contentType', /Write it like/],
    [{ method: 'GET' }, 'config', /do not fit/],
    [{ auth: { type: 'digest' } }, 'config', /do not fit/],
    [{ nonsense: 1 }, 'config', /do not fit/],
  ] as const)('%j', (config, path, message) => {
    expect(problems(config)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });
});
