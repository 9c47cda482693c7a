/** Addresses as mail needs them: one, without a way to smuggle in a second or a header. */

/**
 * The common form of RFC 5321 without quotes and comments: whoever has another gets no mail, and nothing in one can be taken
 * for a list of recipients.
 */
const ADDRESS = /^[^\s@<>()[\],;:\\"\p{Cc}\p{Cf}]{1,64}@[\p{L}\p{N}]([\p{L}\p{N}.-]{0,250}[\p{L}\p{N}])?$/u;

export function isAddress(text: string): boolean {
  return text.length <= 320 && ADDRESS.test(text);
}

/** Addresses that are the same mailbox for all we know. */
export function sameAddress(a: string | null | undefined, b: string): boolean {
  return a?.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Text of people on one line: line breaks would begin a header, marks of direction would turn what follows around. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
}
