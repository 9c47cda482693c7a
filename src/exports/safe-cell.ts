/**
 * Characters at the start of a text by which spreadsheets take it for a formula, also in their full-width forms; tab, carriage
 * return and line feed let one hide behind them. https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** The text as a cell that no spreadsheet runs: an apostrophe before it. Numbers are cells of their own and stay numbers. */
export function safeCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
