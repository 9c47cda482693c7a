/** One suite over every adapter: what each must take, refuse and read. Platforms differ only in test/conformance/cases. */
import { describe, expect, test } from 'vitest';
import type { IncomingWebhook, Verdict } from '../../src/adapters/adapter.ts';
import { ADAPTERS, adapterFor } from '../../src/adapters/registry.ts';
import { EVENT_TYPES, type Meaning, PROVIDERS } from '../../src/core/vocabulary.ts';
import { ALL_CASES } from './cases/all.ts';
import {
  asRequest,
  eventNameOf,
  exampleOf,
  NOW,
  type PlatformCase,
  type Reading,
  signedExample,
  withHeader,
} from './platform-case.ts';
import { unstorable } from './storable.ts';

test('every provider has an adapter and a case', () => {
  expect(Object.keys(ADAPTERS).sort()).toEqual([...PROVIDERS].sort());
  expect(ALL_CASES.map((one) => one.adapter.provider).sort()).toEqual([...PROVIDERS].sort());
  for (const provider of PROVIDERS) expect(adapterFor(provider).provider).toBe(provider);
});

describe.each(ALL_CASES.map((one) => [one.adapter.title, one] as const))('%s', (_, platform) => {
  const { adapter, secrets } = platform;
  const good = asRequest(signedExample(platform));
  const proved = platform.codes.wrong !== '';

  describe('verifies', () => {
    test.each(adapter.events.map((event) => [event]))('what it signs: %s', (event) => {
      const verdict = adapter.verify(asRequest(signedExample(platform, event)), secrets);
      expect(verdict).toMatchObject({ ok: true, verification: adapter.verification });
      expect(codeOf(verdict)).toBeNull();
      // What is said of a stored body is what was said when it came.
      const signed = JSON.parse(signedExample(platform, event).body.toString());
      expect(adapter.coveredFields?.(signed) ?? null).toEqual(verdict.ok ? verdict.covers : null);
      expect(verdict.ok && (verdict.covers === null) === (adapter.verification !== 'signature_partial')).toBe(true);
    });

    test('a body that was signed with the older of two secrets', () => {
      const old = { ...secrets, secrets: secrets.secrets.slice(1), basicAuth: secrets.basicAuth.slice(1) };
      const event = adapter.events[0] ?? '';
      const signed = adapter.sign(exampleOf(adapter, event), old, { id: 'msg_1', at: NOW, event });
      expect(adapter.verify(asRequest(signed), secrets)).toMatchObject({ ok: true });
      if (proved) expect(adapter.verify(asRequest(signed), withoutLast(platform))).toMatchObject({ ok: false });
    });

    when(proved)("nothing signed with someone else's key", () => {
      expect(adapter.verify(good, platform.wrong)).toMatchObject({ ok: false, code: platform.codes.wrong });
    });

    when(adapter.needs.secret)('nothing while the source has no secret, or an empty one', () => {
      // A key of no bytes signs too, and anyone has it.
      for (const none of [[], [''], ...(platform.stale ? [['whsec_']] : [])]) {
        const event = adapter.events[0] ?? '';
        const open = { ...secrets, secrets: none };
        const forged = adapter.sign(exampleOf(adapter, event), open, { id: 'msg_1', at: NOW, event });
        expect(adapter.verify(asRequest(forged), open)).toMatchObject({ ok: false, code: 'invalid_signature' });
        expect(adapter.verify(good, open)).toMatchObject({ ok: false, code: 'invalid_signature' });
      }
    });

    when(platform.without !== null)('nothing without its proof', () => {
      const bare = platform.without?.(good) ?? good;
      const verdict = adapter.verify(bare, secrets);
      expect(verdict).toMatchObject({ ok: false, code: platform.codes.missing });
    });

    test.each(Object.entries(platform.malformed))('nothing with a malformed proof: %s', (_name, malform) => {
      const verdict = adapter.verify(malform(good), secrets);
      expect(verdict.ok).toBe(false);
    });

    when(platform.covers !== 'none')('nothing whose body was changed by one bit', () => {
      for (const position of sampled(good.body.byteLength)) {
        const bit = position % 8;
        const body = Buffer.from(good.body);
        body.writeUInt8(body.readUInt8(position) ^ (1 << bit), position);
        const verdict = adapter.verify({ ...good, body }, secrets);
        if (!verdict.ok) continue;
        // Where only a part is covered, that part must be what it was.
        expect(typeof platform.covers, `byte ${position}, bit ${bit}`).toBe('function');
        if (typeof platform.covers === 'function') {
          expect(platform.covers(JSON.parse(body.toString()))).toEqual(
            platform.covers(JSON.parse(good.body.toString())),
          );
        }
      }
    });

    when(platform.covers === 'all')('nothing cut short or made longer', () => {
      const { body } = good;
      for (const changed of [
        body.subarray(1),
        body.subarray(0, -1),
        Buffer.concat([body, Buffer.from(' ')]),
        Buffer.alloc(0),
      ]) {
        expect(adapter.verify({ ...good, body: changed }, secrets).ok).toBe(false);
      }
    });

    test.each(platform.proof.map((name) => [name]))('nothing whose header %s was changed by one bit', (name) => {
      const value = good.headers[name] ?? '';
      expect(value).not.toBe('');
      for (let position = 0; position < value.length; position += 1) {
        for (let bit = 0; bit < 7; bit += 1) {
          const changed = `${value.slice(0, position)}${String.fromCharCode(value.charCodeAt(position) ^ (1 << bit))}${value.slice(position + 1)}`;
          const verdict = adapter.verify(withHeader(good, name, changed), secrets);
          if (verdict.ok) expect(credentials(changed), `position ${position}, bit ${bit}`).toBe(credentials(value));
        }
      }
    });

    when(platform.stale)('nothing more than five minutes off, either way, and says how far', () => {
      const arriving = (ms: number): Verdict => adapter.verify({ ...good, receivedAt: NOW + ms }, secrets);
      expect(arriving(300_000).ok).toBe(true);
      expect(arriving(-300_000).ok).toBe(true);
      expect(arriving(301_000)).toMatchObject({ ok: false, code: 'stale_timestamp' });
      expect(arriving(-301_000)).toMatchObject({ ok: false, code: 'stale_timestamp' });
      expect(hintOf(arriving(420_000))).toMatch(/7 minutes behind/);
      expect(hintOf(arriving(-420_000))).toMatch(/7 minutes ahead/);
    });

    test('and its hints are sentences that give nothing away', () => {
      const refused: IncomingWebhook[] = [
        ...(platform.without === null ? [] : [platform.without(good)]),
        ...Object.values(platform.malformed).map((malform) => malform(good)),
        { ...good, body: Buffer.from('{"secret payload"') },
      ];
      for (const request of refused) {
        const hint = hintOf(adapter.verify(request, secrets));
        if (hint === null) continue;
        expect(hint).toMatch(/^[A-Z].*[.)]$/);
        for (const secret of [...secrets.secrets, ...secrets.basicAuth.map((login) => login.password)])
          expect(hint).not.toContain(secret);
        expect(hint).not.toMatch(/secret payload|Ada|4711/);
      }
    });
  });

  describe('reads', () => {
    test.each(adapter.events.map((event) => [event]))('its own example: %s', (event) => {
      const signed = signedExample(platform, event);
      const body: unknown = JSON.parse(signed.body.toString());
      const meaning = adapter.toMeaning({ body, eventName: eventNameOf(signed), receivedAt: NOW });
      expect(meaning.status, JSON.stringify(meaning)).toMatch(/^(facts|ignored)$/);
      expect(unstorable(meaning)).toEqual([]);
      if (meaning.status !== 'facts') return;
      expect(meaning.facts.length).toBeGreaterThan(0);
      for (const fact of meaning.facts) expect(EVENT_TYPES).toContain(fact.type);
      // The learner, the activity and the attempt that were asked for.
      const first = meaning.facts[0];
      if (first?.learner) expect(first.learner.externalId).toBe('4711');
      if (first?.activity) expect(first.activity.externalId).toMatch(/27$/);
      if (first?.attempt?.by === 'named' && adapter.provider !== 'easygenerator')
        expect(first.attempt.externalId).toMatch(/130$/);
    });

    test('the same body the same way twice', () => {
      for (const reading of platform.readings) expect(read(platform, reading)).toEqual(read(platform, reading));
    });

    test.each(platform.readings.map((reading) => [reading.name, reading] as const))('%s', (_name, reading) => {
      const meaning = read(platform, reading);
      expect(unstorable(meaning)).toEqual([]);
      if (Array.isArray(reading.means)) {
        expect(meaning, JSON.stringify(meaning)).toMatchObject({ status: 'facts', facts: reading.means });
        expect(meaning.status === 'facts' ? meaning.facts.length : 0).toBe(reading.means.length);
        return;
      }
      const { status, says } = reading.means as { status: string; says?: RegExp };
      expect(meaning).toMatchObject({ status });
      const sentence = meaning.status === 'failed' ? meaning.error : meaning.status === 'facts' ? '' : meaning.reason;
      expect(sentence).toMatch(/^.+\.$/);
      if (says !== undefined) expect(sentence).toMatch(says);
    });

    test('bodies with more fields than it knows', () => {
      for (const event of adapter.events) {
        const body = { ...exampleOf(adapter, event), brand_new: { nested: [1, 'two', null] }, __proto__x: 1 };
        const key = adapter.provider === 'testpress' ? { key: 'K' } : {};
        const meaning = adapter.toMeaning({ body: { ...body, ...key }, eventName: event, receivedAt: NOW });
        expect(meaning.status).toMatch(/^(facts|ignored)$/);
      }
    });
  });
});

function read(platform: PlatformCase, reading: Reading): Meaning {
  const content = { body: reading.body, eventName: reading.eventName ?? null, receivedAt: NOW };
  return platform.adapter.toMeaning(content);
}

function withoutLast(platform: PlatformCase): PlatformCase['secrets'] {
  const { secrets } = platform;
  return { ...secrets, secrets: secrets.secrets.slice(0, 1), basicAuth: secrets.basicAuth.slice(0, 1) };
}

/** `test` where the platform has what is tested, else nothing: a test that never could run is no skipped one. */
function when(applies: boolean): (name: string, body: () => void) => void {
  return applies ? (name, body) => test(name, body) : () => {};
}

/** Every byte of short bodies, every few of longer ones, and always the last. */
function sampled(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 600));
  const positions: number[] = [];
  for (let position = 0; position < length; position += step) positions.push(position);
  return [...positions, length - 1];
}

function codeOf(verdict: Verdict): string | null {
  return verdict.ok ? null : verdict.code;
}

function hintOf(verdict: Verdict): string | null {
  return verdict.ok ? null : verdict.hint;
}

/** What a Basic header says: its scheme has no case, and base64 has spare bits. */
function credentials(header: string): string {
  return header.slice(0, 6).toLowerCase() === 'basic ' ? Buffer.from(header.slice(6), 'base64').toString() : header;
}
