/**
 * JSON text with line breaks and indentation. Only white space between tokens changes: what was signed as 0.00 or as a number
 * of twenty digits stays as it was sent, which parsing and printing it would lose.
 */
export function prettyJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let depth = 0;
  let out = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/gs) ?? [];
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    switch (token) {
      case '{':
      case '[':
        depth += 1;
        out += token;
        break;
      case '}':
      case ']':
        depth -= 1;
        out += previous === '{' || previous === '[' ? token : `${line()}${token}`;
        break;
      case ',':
        out += `,${line()}`;
        break;
      case ':':
        out += ': ';
        break;
      default:
        out += previous === '{' || previous === '[' ? `${line()}${token}` : token;
    }
    // A list or map within a list or map begins a line of its own.
    if ((token === '{' || token === '[') && (tokens[index + 1] === '{' || tokens[index + 1] === '[')) out += line();
  });
  return out;
}
