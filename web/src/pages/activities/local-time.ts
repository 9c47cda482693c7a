/** Times of `<input type="datetime-local">`: to the minute, in the zone of the browser. */

/** RFC 3339 → what the input shows; '' for none. */
export function toLocalInput(at: string | null): string {
  if (at === null) return '';
  const time = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** What the input says → RFC 3339 in UTC; null for '' and for what is no time. */
export function fromLocalInput(text: string): string | null {
  // Without a zone the text is read in the browser's own.
  const time = new Date(text);
  return text === '' || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
