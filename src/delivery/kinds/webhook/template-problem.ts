/** Where a JSONata template is wrong, in words. */
import jsonata from 'jsonata';

/** Bounds of what a template may do, besides being killed (templates.ts): milliseconds, calls deep, items of one list. */
const LIMITS = { timeout: 700, stack: 200, sequence: 100_000 };

/** Parses it. Throws what JSONata throws. */
export function parseTemplate(template: string): jsonata.Expression {
  return jsonata(template, LIMITS);
}

/** Whether what JSONata threw is its time limit. */
export function ranOutOfTime(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'D1012';
}

/** What is wrong with the template as it is written: a sentence; null when it can be run. */
export function templateProblem(template: string): string | null {
  try {
    parseTemplate(template);
    return null;
  } catch (error) {
    return templateSentence(error, template);
  }
}

/** The sentence of what JSONata threw, with line and column. */
export function templateSentence(error: unknown, template: string): string {
  const fields = typeof error === 'object' && error !== null ? { ...error, message: messageOf(error) } : {};
  const told = 'message' in fields && typeof fields.message === 'string' ? fields.message : 'it cannot be run';
  const position = 'position' in fields && typeof fields.position === 'number' ? fields.position : null;
  const what = told.replace(/\.?(\n.*)?$/s, '').slice(0, LONGEST_MESSAGE);
  if (position === null) return `The template failed: ${what}.`;
  const before = template.slice(0, position).split('\n');
  return `The template failed at line ${before.length}, column ${before.at(-1)?.length ?? 0}: ${what}.`;
}

/** Messages repeat values, which may be long. */
const LONGEST_MESSAGE = 300;

function messageOf(error: object): unknown {
  return 'message' in error ? error.message : undefined;
}
