/** Pure logic of the sign-in, sources and webhooks pages. */
import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../web/src/pages/account/device.ts';
import { prettyJson } from '../../web/src/pages/receipts/pretty-json.ts';
import { safeReturn } from '../../web/src/pages/sign-in/safe-return.ts';

describe('Where sign-in leads', () => {
  const origin = 'https://grades.example';

  it('is a path of this server', () => {
    expect(safeReturn('/learners?cohort=coh_1#top', origin)).toBe('/learners?cohort=coh_1#top');
    expect(safeReturn(undefined, origin)).toBe('/');
    expect(safeReturn('/sign-in?to=/x', origin)).toBe('/');
  });

  it('is never another server', () => {
    const traps = [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
      'evil',
    ];
    for (const trap of traps) {
      const to = safeReturn(trap, origin);
      expect(new URL(to, origin).origin, trap).toBe(origin);
      expect(to.startsWith('//'), trap).toBe(false);
    }
  });
});

describe('A body made readable', () => {
  it('changes only the white space between tokens', () => {
    const text =
      '{"score":0.00,"id":12345678901234567890,"s":"a \\"{b}: [c],\\" d","e":{},"f":[],"g":[1,{"h":null},[2]]}';
    const pretty = prettyJson(text);
    expect(pretty).toBe(
      [
        '{',
        '  "score": 0.00,',
        '  "id": 12345678901234567890,',
        '  "s": "a \\"{b}: [c],\\" d",',
        '  "e": {},',
        '  "f": [],',
        '  "g": [',
        '    1,',
        '    {',
        '      "h": null',
        '    },',
        '    [',
        '      2',
        '    ]',
        '  ]',
        '}',
      ].join('\n'),
    );
    expect(prettyJson('[[1],[{"a":1}]]')).toBe('[\n  [\n    1\n  ],\n  [\n    {\n      "a": 1\n    }\n  ]\n]');
  });

  it('leaves what is no JSON to be shown as it is', () => {
    expect(prettyJson('{"a":')).toBeNull();
    expect(prettyJson('"text"')).toBe('"text"');
  });
});

describe('A device', () => {
  it('is told by browser and system', () => {
    expect(
      deviceOf(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
      ),
    ).toEqual({ browser: 'Edge', system: 'Windows' });
    expect(
      deviceOf(
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      ),
    ).toEqual({ browser: 'Safari', system: 'iPhone' });
    expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0')).toEqual({
      browser: 'Firefox',
      system: 'Linux',
    });
    expect(deviceOf(null)).toEqual({ browser: null, system: null });
  });
});
