import { expect, test } from 'vitest';
import { isTimeZone } from '../../src/progress/figures/time-zone.ts';

test.each(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Ushuaia', 'Etc/GMT+5'])(
  '%s is a zone',
  (name) => {
    expect(isTimeZone(name)).toBe(true);
  },
);

// Offsets and bare abbreviations mean one thing to Intl and another to PostgreSQL.
test.each(['', '+05:30', '-08', 'CET', 'EST', 'utc ', 'Mars/Base', "Europe/Berlin'; --", 'Europe/', 'Europe/Berlin\n'])(
  '%j is none',
  (name) => {
    expect(isTimeZone(name)).toBe(false);
  },
);
