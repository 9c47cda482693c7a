/** A template tag that escapes: what is not marked as HTML is text. */

export interface Html {
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Marks text of our own as HTML. Never for anything that came from outside. */
export function raw(text: string): Html {
  return { text };
}

export function join(parts: readonly Html[], between = '\n'): Html {
  return raw(parts.map((part) => part.text).join(between));
}

/** HTML with its values escaped, unless they are HTML themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return raw(strings.reduce((text, part, i) => text + textOf(values[i - 1] ?? '') + part));
}

/** Prose of ours in which `code` stands between backquotes. */
export function prose(text: string): Html {
  return join(
    text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`)),
    '',
  );
}

function textOf(value: string | Html | readonly Html[]): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
  return 'text' in value ? value.text : join(value).text;
}
