/** Catalogues of texts: complete in every language, with nothing left over, and no text beside them. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';
import { describe, expect, it } from 'vitest';
import { AUDIT_ACTIONS } from '../../src/http/audit-actions.ts';
import { icuArguments } from '../helpers/icu-arguments.ts';

const WEB = fileURLToPath(new URL('../../web/src/', import.meta.url));
const CATALOGUES = path.join(WEB, 'messages');
const LANGUAGES = readdirSync(CATALOGUES);

/** Texts of a language by their whole key. */
function textsOf(language: string): Map<string, string> {
  const texts = new Map<string, string>();
  const add = (key: string, value: unknown): void => {
    if (typeof value === 'string') texts.set(key, value);
    else for (const [name, inner] of Object.entries(Object(value))) add(`${key}.${name}`, inner);
  };
  for (const file of globSync('*.json', { cwd: path.join(CATALOGUES, language) })) {
    add(path.basename(file, '.json'), JSON.parse(readFileSync(path.join(CATALOGUES, language, file), 'utf8')));
  }
  return texts;
}

const english = textsOf('en');

describe.each(LANGUAGES.filter((language) => language !== 'en'))('the catalogue %s', (language) => {
  const texts = textsOf(language);

  it('has the keys that English has', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('takes the arguments that English takes', () => {
    for (const [key, text] of texts) {
      expect([key, icuArguments(text)]).toEqual([key, icuArguments(english.get(key) ?? '')]);
    }
  });
});

it.each(LANGUAGES)('no text of %s is empty', (language) => {
  expect([...textsOf(language)].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([]);
});

it('has words for everything that the audit log records', () => {
  const recorded = Object.values(AUDIT_ACTIONS).flatMap((entry) => (entry === null ? [] : [entry.action]));
  // Those that are not about a route: src/accounts/audit-sign-in.ts.
  for (const action of [...recorded, 'session.refuse']) {
    const key = `settings.audit.action.${action.replace('.', '_')}`;
    expect([key, english.has(key)]).toEqual([key, true]);
  }
});

interface Node {
  type: string;
  [name: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The nodes directly below. */
function below(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .flatMap((value: unknown) =>
      isNode(value) ? [value] : typeof value === 'object' && value !== null ? inside(value) : [],
    );
}

/** swc wraps some nodes (arguments of a call, declarations) in objects without a type. */
function inside(value: object): Node[] {
  return Object.values(value).filter(isNode);
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of below(node)) walk(child, visit);
}

const sources = globSync('**/*.{ts,tsx}', { cwd: WEB })
  .filter((file) => !file.includes('.generated.') && !file.startsWith('messages'))
  .map((file) => {
    const code = readFileSync(path.join(WEB, file), 'utf8');
    return { file, tree: Object(parseSync(code, { syntax: 'typescript', tsx: file.endsWith('.tsx') })) as Node };
  });

const textOf = (node: unknown): string | null =>
  isNode(node) && node.type === 'StringLiteral' && typeof node.value === 'string' ? node.value : null;

/** A template as a pattern: what is filled in is some text. */
function patternOf(node: Node): string {
  const quasis = (node.quasis as { raw: string }[]).map(({ raw }) => RegExp.escape(raw));
  return quasis.join('.+');
}

/** Areas that a file takes texts from, everything in it that may be a key, and areas whose keys come from elsewhere. */
function keysIn(tree: Node): { areas: string[]; patterns: RegExp[]; open: string[] } {
  const areas = new Map<string, string[]>();
  const called = new Set<string>();
  const patterns: string[] = [];
  walk(tree, (node) => {
    if (node.type === 'VariableDeclarator' && isNode(node.id) && isNode(node.init)) {
      const { callee } = node.init;
      if (isNode(callee) && callee.value === 'useTranslations') {
        const name = String(node.id.value);
        areas.set(name, [...(areas.get(name) ?? []), textOf(firstArgument(node.init)) ?? '']);
      }
    }
    const text = textOf(node);
    if (text !== null) patterns.push(RegExp.escape(text));
    if (node.type === 'TemplateLiteral') patterns.push(patternOf(node));
    // `kind(attempt.activity.kind)`
    if (node.type === 'CallExpression' && isNode(node.callee)) {
      const first = firstArgument(node);
      if (isNode(first) && /^(Member|Identifier|Call|TsAs)/.test(first.type)) called.add(String(node.callee.value));
    }
  });
  return {
    areas: [...areas.values()].flat(),
    patterns: patterns.map((pattern) => new RegExp(`^${pattern}$`)),
    open: [...areas].filter(([name]) => called.has(name)).flatMap(([, named]) => named),
  };
}

function firstArgument(call: Node): unknown {
  const [first] = call.arguments as { expression: unknown }[];
  return first?.expression;
}

/** What is left of a key within an area; null outside of it. */
function within(area: string, key: string): string | null {
  return key.startsWith(`${area}.`) ? key.slice(area.length + 1) : null;
}

it('every text is used', () => {
  const left = new Set(english.keys());
  for (const { tree } of sources) {
    const { areas, patterns, open } = keysIn(tree);
    for (const key of left) {
      const said = areas.some((area) => {
        const rest = within(area, key);
        return rest !== null && patterns.some((pattern) => pattern.test(rest));
      });
      if (said || open.some((area) => within(area, key)?.includes('.') === false)) left.delete(key);
    }
  }
  expect([...left]).toEqual([]);
});

/** Attributes that are read out or shown. */
const SPOKEN = /^(aria-label|alt|description|label|note|placeholder|summary|title|unit)$/;
/** Words, not signs such as "·"; nor what machines say, such as "application/json", in any language. */
const WORDS = /^[^/:_]*\p{L}{2,}[^/:_]*$/u;

it('no text stands in the pages themselves', () => {
  const found: string[] = [];
  for (const { file, tree } of sources) {
    const told = (text: string | null): void => {
      if (text !== null && WORDS.test(text)) found.push(`${file}: ${text.trim()}`);
    };
    walk(tree, (node) => {
      if (node.type === 'JSXText') told(String(node.value));
      if (node.type === 'JSXAttribute' && isNode(node.name) && SPOKEN.test(String(node.name.value)))
        told(textOf(node.value));
      if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return;
      for (const child of (node.children as unknown[]).filter(isNode)) {
        if (child.type !== 'JSXExpressionContainer' || !isNode(child.expression)) continue;
        const { expression } = child;
        told(textOf(expression));
        if (expression.type !== 'ConditionalExpression') continue;
        told(textOf(expression.consequent));
        told(textOf(expression.alternate));
      }
    });
  }
  expect(found).toEqual([]);
});
