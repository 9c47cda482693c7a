/** The arguments and tags of an ICU message: what a translation has to keep. */

/** Names (`count`, `<link>`), sorted, each once; languages differ in which they inflect. Throws on braces that do not match. */
export function icuArguments(message: string): string[] {
  const found = new Set<string>();
  let at = 0;

  /** Text up to the brace that ends it, or to the end. */
  function text(nested: boolean): void {
    while (at < message.length) {
      const char = message[at];
      if (char === "'" && quotes()) continue;
      if (char === '}' && nested) return;
      if (char === '}') throw new Error(`A brace is closed that was not opened: ${message}`);
      if (char === '{') argument();
      else {
        const tag = /^<\/?(\w+)>/.exec(message.slice(at));
        if (tag !== null) found.add(`<${tag[1]}>`);
        at += tag?.[0].length ?? 1;
      }
    }
    if (nested) throw new Error(`A brace is not closed: ${message}`);
  }

  /** An apostrophe before a brace or tag quotes it; else it is an apostrophe. */
  function quotes(): boolean {
    if (!/['{}<>]/.test(message[at + 1] ?? '')) return false;
    const end = message[at + 1] === "'" ? at + 1 : message.indexOf("'", at + 1);
    at = end === -1 ? message.length : end + 1;
    return true;
  }

  function argument(): void {
    const head = /^\{\s*(\w+)\s*(?:,\s*(\w+)\s*(,)?)?/.exec(message.slice(at));
    if (head === null) throw new Error(`An argument has no name: ${message}`);
    const [whole, name = '', , more] = head;
    found.add(name);
    at += whole.length;
    while (at < message.length && message[at] !== '}') {
      // The branches of a plural or select; of numbers and dates the style.
      if (more !== undefined && message[at] === '{') {
        at += 1;
        text(true);
      }
      at += 1;
    }
    if (message[at] !== '}') throw new Error(`A brace is not closed: ${message}`);
    at += 1;
  }

  text(false);
  return [...found].sort();
}
