/** One text of a header of an answer, however often it came (RFC 9110, 5.3). */
export function headerText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}
