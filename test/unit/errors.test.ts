import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS, GradewireError } from '../../src/core/errors.ts';

describe('the catalogue of errors', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^### `([a-z_]+)` · (\d{3})$/gm)].map(([, code, status]) => `${code} ${status}`);

  it('is explained in docs/errors.md, code by code with its status, and nothing else is', () => {
    const catalogue = Object.entries(ERRORS).map(([code, { status }]) => `${code} ${status}`);
    expect(documented.toSorted()).toEqual(catalogue.toSorted());
  });

  it('says what to do in a sentence', () => {
    for (const [code, { message }] of Object.entries(ERRORS)) {
      expect(message, code).toMatch(/^[A-Z].*[.!?]$/);
      expect(message.length, code).toBeGreaterThan(20);
    }
  });

  it('keeps the cause out of what callers get', () => {
    const error = new GradewireError('internal', undefined, { cause: new Error('password=hunter2') });
    expect(JSON.stringify(error.toBody())).not.toContain('hunter2');
    expect(error.cause).toBeInstanceOf(Error);
  });
});
