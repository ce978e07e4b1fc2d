/** At the end of a text: a line break, perhaps with indentation of the next line after it. */
const LINE_END = /\n[ \t]*$/u;

/** At the end of a text: a closing mark, then quotes, brackets, emphasis or blanks that belong to the sentence. */
const SENTENCE_END = /[.!?…。！？]["'”’»)\]*_]*\s*$/u;

/** A full stop that as a rule ends no sentence: after a number (`3.14`, `1. First`) or a single letter (`e.g.`). */
const INNER_STOP = /(?:\d|(?:^|[^\p{L}])\p{L})\.\s*$/u;

/**
 * Whether a sentence or line ends where the text does. The text so far alone is judged, so it is a rule of thumb: a mark
 * such as `.`, `!`, `?` or their East Asian forms, closing quotes and brackets included, but no full stop after a digit
 * or a single letter; or a line break.
 */
export function endsSentence(text: string): boolean {
  return LINE_END.test(text) || (SENTENCE_END.test(text) && !INNER_STOP.test(text));
}
