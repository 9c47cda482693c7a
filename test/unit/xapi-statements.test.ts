import { describe, expect, it } from 'vitest';
import type { EventType, JsonObject } from '../../src/core/vocabulary.ts';
import { xapi } from '../../src/delivery/kinds/xapi/xapi.ts';
import { eventCatalogue } from '../../src/http/event-catalogue.ts';
import type { EventObject } from '../../src/live/events.ts';
import { endpointOf, outgoing } from '../helpers/outgoing.ts';
import { statementProblems } from '../helpers/xapi-rules.ts';

const TOOLS = { publicUrl: 'https://gradewire.example', now: () => 0 };
const ADL = 'http://adlnet.gov/expapi/verbs';

function example(type: EventType): EventObject {
  const found = eventCatalogue().find((entry) => entry.type === type);
  return structuredClone(found?.example) as unknown as EventObject;
}

async function statementsOf(event: EventObject, about = {}, sending = {}): Promise<JsonObject[]> {
  const endpoint = endpointOf('xapi', { url: 'https://lrs.example/xapi', ...about });
  const preview = await xapi.preview(endpoint, outgoing(endpoint, event, sending), TOOLS);
  if (typeof preview === 'string') return [];
  return preview as JsonObject[];
}

const contextOf = (statement: JsonObject | undefined) => (statement?.context ?? {}) as JsonObject;
const verbs = (statements: JsonObject[]) => statements.map(({ verb }) => (verb as JsonObject).id);

describe('statements of the examples of all event types', () => {
  const EXPECTED: Partial<Record<EventType, string[]>> = {
    'attempt.started': [`${ADL}/initialized`],
    'attempt.completed': [`${ADL}/completed`],
    'attempt.abandoned': ['https://w3id.org/xapi/adl/verbs/abandoned'],
    'attempt.stopped': [`${ADL}/terminated`],
    'attempt.regraded': [`${ADL}/completed`, `${ADL}/scored`],
    'question.answered': [`${ADL}/answered`],
    'step.started': [`${ADL}/initialized`],
    'step.attempted': [`${ADL}/attempted`],
    'step.completed': [`${ADL}/completed`],
    'step.skipped': ['http://id.tincanapi.com/verb/skipped'],
    'certificate.issued': ['http://id.tincanapi.com/verb/earned'],
    'review.created': ['http://id.tincanapi.com/verb/rated'],
    'review.updated': ['http://id.tincanapi.com/verb/rated'],
  };

  it.each(eventCatalogue().map(({ type }) => type))('%s', async (type) => {
    for (const personalData of ['full', 'pseudonym', 'none'] as const) {
      for (const actor of ['source', 'account', 'mbox']) {
        const about = { personalData, config: { xapi: { version: '1.0.3', actor } } };
        const statements = await statementsOf(example(type), about);
        expect(verbs(statements)).toEqual(EXPECTED[type] ?? []);
        expect(statements.flatMap(statementProblems)).toEqual([]);
        // The same again, bit for bit.
        expect(await statementsOf(example(type), about)).toEqual(statements);
        if (personalData !== 'full') {
          expect(JSON.stringify(statements)).not.toMatch(/Asha|asha@example|user_123|lrn_1f0c/);
        }
      }
    }
  });

  it('says why an event is no statement', async () => {
    const endpoint = endpointOf('xapi', { url: 'https://lrs.example/xapi' });
    expect(await xapi.preview(endpoint, outgoing(endpoint, example('environment.ready')), TOOLS)).toMatch(
      /no statement for environment\.ready/,
    );
  });
});

describe('a completed attempt', () => {
  it('tells what was sent and nothing else', async () => {
    const [statement] = await statementsOf(example('attempt.completed'));
    expect(statement).toMatchObject({
      actor: {
        objectType: 'Agent',
        name: 'Asha Rao',
        account: { homePage: 'https://gradewire.example/webhooks/quizapi', name: 'user_123' },
      },
      object: {
        id: 'https://gradewire.example/xapi/activities/act_5c4d3e2f1a0b4c8d9e7f6a5b4c3d2e1f',
        definition: { type: 'http://adlnet.gov/expapi/activities/assessment', name: { und: 'Fractions, part 1' } },
      },
      result: { completion: true, duration: 'PT5M12S', score: { scaled: 0.8, raw: 8, max: 10 } },
      context: { platform: 'quizapi' },
      timestamp: '2026-04-08T14:30:00.000Z',
    });
    expect(contextOf(statement).registration).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  it('has no duration that we measured ourselves, no maximum that nobody sent, and no score beyond the rules', async () => {
    const event = example('attempt.completed');
    Object.assign(event.attempt ?? {}, { timeKind: 'wall_clock', maxScore: null, percentage: -120, score: -12 });
    const [statement] = await statementsOf(event);
    expect(statement?.result).toEqual({ completion: true, score: { raw: -12 } });
    Object.assign(event.attempt ?? {}, { maxScore: 10, score: 11, percentage: 110 });
    const [bonus] = await statementsOf(event);
    expect(bonus?.result).toEqual({ completion: true, score: { raw: 11 } });
    Object.assign(event.attempt ?? {}, { maxScore: null, score: null, percentage: null });
    expect((await statementsOf(event))[0]?.result).toEqual({ completion: true });
  });

  it('tells the outcome beside the completion, under an id of its own', async () => {
    const event = example('attempt.completed');
    Object.assign(event.attempt ?? {}, { outcome: 'failed', percentage: 40 });
    const statements = await statementsOf(event);
    expect(verbs(statements)).toEqual([`${ADL}/completed`, `${ADL}/failed`]);
    expect(statements[1]?.result).toEqual({ success: false, score: { scaled: 0.4 } });
    expect(new Set(statements.map(({ id }) => id)).size).toBe(2);
  });

  it('is about a simulation on a track and a course in a course', async () => {
    for (const [kind, type] of [
      ['track', 'simulation'],
      ['course', 'course'],
      ['exam', 'assessment'],
    ] as const) {
      const event = example('attempt.completed');
      if (event.activity !== null) event.activity.kind = kind;
      const [statement] = await statementsOf(event);
      expect(statement?.object).toMatchObject({
        definition: { type: `http://adlnet.gov/expapi/activities/${type}` },
      });
    }
  });
});

describe('actors', () => {
  const actorOf = async (about: object, event = example('attempt.completed')) =>
    (await statementsOf(event, about))[0]?.actor as JsonObject;

  it('are as the endpoint says', async () => {
    expect(await actorOf({ config: { xapi: { actor: 'account' } } })).toMatchObject({
      account: { homePage: 'https://gradewire.example', name: 'lrn_1f0c6a3e5b7d4c2a9e8f7a6b5c4d3e2f' },
    });
    expect(await actorOf({ config: { xapi: { actor: 'mbox' } } })).toEqual({
      objectType: 'Agent',
      name: 'Asha Rao',
      mbox: 'mailto:asha@example.org',
    });
    const homePages = { quizapi: 'https://school.example/quizapi' };
    expect(await actorOf({ config: { xapi: { homePages } } })).toMatchObject({
      account: { homePage: 'https://school.example/quizapi', name: 'user_123' },
    });
  });

  it('are pseudonyms or nobody where the endpoint may not know more, whatever the setting', async () => {
    const pseudonym = await actorOf({ personalData: 'pseudonym', config: { xapi: { actor: 'mbox' } } });
    expect(pseudonym).toEqual({
      objectType: 'Agent',
      account: { homePage: 'https://gradewire.example', name: expect.stringMatching(/^psn_/) },
    });
    expect(await actorOf({ personalData: 'pseudonym' }, example('attempt.started'))).toEqual(pseudonym);
    expect(await actorOf({ personalData: 'none' })).toEqual({
      objectType: 'Agent',
      account: { homePage: 'https://gradewire.example', name: 'anonymous' },
    });
  });

  it('are never made up: an event about nobody known is no statement', async () => {
    expect(await statementsOf({ ...example('attempt.completed'), learner: null })).toEqual([]);
  });
});

describe('answers', () => {
  const answered = async (response: JsonObject, about = {}) => {
    const event = example('question.answered');
    event.data = { responses: [response] };
    return (await statementsOf(event, about))[0];
  };

  it('tell the choice and whether it was right', async () => {
    const statement = await answered({ questionId: 'q 1/ä', selectedAnswerIds: ['a', 'b'], correct: false });
    expect(statement).toMatchObject({
      object: {
        id: expect.stringMatching(/\/questions\/q%201%2F%C3%A4$/),
        definition: { type: 'http://adlnet.gov/expapi/activities/cmi.interaction', interactionType: 'choice' },
      },
      result: { success: false, response: 'a[,]b', score: { scaled: 0 } },
    });
    expect(contextOf(statement).contextActivities).toMatchObject({
      parent: [{ id: expect.stringContaining('act_5c4d') }],
    });
  });

  it('tell marks where they are sent, and a text only to those who get everything', async () => {
    const response = { questionId: 'q', selectedAnswerIds: [], text: 'I am Asha', correct: null, mark: 1, maxMark: 4 };
    expect((await answered(response))?.result).toEqual({
      response: 'I am Asha',
      score: { scaled: 0.25, raw: 1, max: 4 },
    });
    expect(JSON.stringify(await answered(response, { personalData: 'pseudonym' }))).not.toContain('Asha');
  });
});

describe('tests of an endpoint', () => {
  it('say that they are tests, each under ids of its own', async () => {
    const [first] = await statementsOf(example('attempt.completed'), {}, { test: true });
    const [second] = await statementsOf(example('attempt.completed'), {}, { test: true });
    expect(first?.id).not.toBe(second?.id);
    expect(contextOf(first).extensions).toMatchObject({
      'https://gradewire.example/xapi/extensions/test': true,
    });
  });
});

describe('the validator of these tests', () => {
  it('finds what is wrong', async () => {
    const [good] = await statementsOf(example('question.answered'));
    const broken = (change: object) => statementProblems({ ...(good as JsonObject), ...change });
    expect(broken({})).toEqual([]);
    expect(broken({ id: 'no uuid' })).not.toEqual([]);
    expect(broken({ timestamp: 'yesterday' })).not.toEqual([]);
    expect(broken({ actor: { objectType: 'Agent' } })).not.toEqual([]);
    expect(broken({ actor: { objectType: 'Agent', account: { homePage: 'nowhere', name: 'x' } } })).not.toEqual([]);
    expect(broken({ result: { score: { scaled: 1.2 } } })).not.toEqual([]);
    expect(broken({ result: { score: { raw: 5, max: 4 } } })).not.toEqual([]);
    expect(broken({ result: { duration: '5 minutes' } })).not.toEqual([]);
    expect(broken({ object: { objectType: 'StatementRef', id: good?.id ?? null } })).not.toEqual([]);
    expect(broken({ context: { contextActivities: { category: [] } } })).not.toEqual([]);
  });
});
