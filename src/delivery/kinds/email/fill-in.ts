/** Variables in people's own templates: `{{name}}`. Nothing else is read in them, and nothing in a value is read again. */

export type Variables = Readonly<Record<string, string>>;

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

/** An unknown variable is nothing. */
export function fillIn(template: string, variables: Variables): string {
  return template.replace(VARIABLE, (_, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? '') : '',
  );
}

/** The variables that a template names and that there are not. */
export function unknownVariables(template: string, known: readonly string[]): string[] {
  return [...template.matchAll(VARIABLE)].flatMap(([, name]) =>
    name === undefined || known.includes(name) ? [] : name,
  );
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
