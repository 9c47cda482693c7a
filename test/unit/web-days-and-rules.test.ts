import { describe, expect, test } from 'vitest';
import { draftOf, EMPTY_CONDITION, ruleOf } from '../../web/src/pages/classes/draft-rule.ts';
import { addDays, dayOf, daysFrom } from '../../web/src/pages/learners/days.ts';

describe('days of charts', () => {
  test('are those of the zone', () => {
    const moment = new Date('2026-03-31T20:00:00Z');
    expect(dayOf(moment, 'UTC')).toBe('2026-03-31');
    expect(dayOf(moment, 'Asia/Kolkata')).toBe('2026-04-01');
  });

  test('follow one another over months and clock changes, without gap or doubles', () => {
    expect(daysFrom('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    expect(daysFrom('2026-01-01', '2026-12-31')).toHaveLength(365);
    expect(daysFrom('2026-03-02', '2026-03-01')).toEqual([]);
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });
});

describe('the rule of a class while it is written', () => {
  test('is none while something is missing', () => {
    expect(ruleOf([EMPTY_CONDITION])).toBeNull();
    expect(ruleOf([{ ...EMPTY_CONDITION, name: 'group' }])).toBeNull();
    expect(ruleOf([{ ...EMPTY_CONDITION, kind: 'activity' }])).toBeNull();
    expect(ruleOf([{ ...EMPTY_CONDITION, kind: 'invite', value: 'abc' }, EMPTY_CONDITION])).toBeNull();
  });

  test('says what was written, and can be written on', () => {
    const rule = ruleOf([
      { ...EMPTY_CONDITION, name: ' group ', value: '7b', provider: 'synap' },
      { ...EMPTY_CONDITION, kind: 'activity', activity: 'act_1' },
    ]);
    expect(rule).toEqual({
      any: [
        { kind: 'attribute', name: 'group', value: '7b', provider: 'synap' },
        { kind: 'activity', activity: 'act_1' },
      ],
    });
    expect(rule === null ? null : ruleOf(draftOf(rule))).toEqual(rule);
  });
});
