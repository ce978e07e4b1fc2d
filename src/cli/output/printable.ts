/** Control characters other than newline and tab: they could move the cursor or rewrite what is on the terminal. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** A model's text as a terminal may show it. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\u{FFFD}');
}
