/** PostgreSQL keeps no NUL character in any text; found here, it is the caller's mistake and not a fault of ours later. */
import type { App } from './context.ts';
import { invalid } from './contracts/common.ts';

/** Adds the hook: 400 that names the place for one in query or body. Ids in paths are read by their routes, which refuse more. */
export function refuseNul(app: App): void {
  app.addHook('preValidation', async (request) => {
    const path = pathOfNul(request.query, 'query') ?? pathOfNul(request.body, 'body');
    if (path !== null)
      throw invalid(path, 'This holds a NUL character (U+0000), which no text here can. Leave it out.');
  });
}

/** Where the first one stands, in values or in names. Goes by a list, not by calls: nesting must not end the stack. */
function pathOfNul(root: unknown, name: string): string | null {
  const left: { value: unknown; path: string }[] = [{ value: root, path: name }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && value.includes('\u0000')) return path;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes('\u0000')) return path;
      left.push({ value: inner, path: `${path}/${key}` });
    }
  }
  return null;
}
