import type { SwitchCriterion, SwitchDetector } from '../switch-criterion.ts';

/** Characters that are looked back at: a mark, closing quotes and brackets, and what tells an ending from a number. */
const TAIL = 16;

/** At the end of a text: a line break, perhaps with indentation of the next line after it. */
const LINE_END = /\n[ \t]*$/u;

/** At the end of a text: a closing mark, then quotes, brackets, emphasis or blanks that belong to the sentence. */
const SENTENCE_END = /[.!?…。！？]["'”’»)\]*_]*\s*$/u;

/** A full stop that as a rule ends no sentence: after a number (`3.14`, `1. First`) or a single letter (`e.g.`). */
const INNER_STOP = /(?:\d|(?:^|[^\p{L}])\p{L})\.\s*$/u;

/**
 * `inner`, but only at the end of a sentence or line: the base takes over at the smallest i at which `inner` accepts and
 * token i ends a sentence or line. No half sentence changes hands (cf. the delimiters of arXiv 2504.12329).
 *
 * The end is judged by the text so far alone, so it is a rule of thumb: a mark such as `.`, `!`, `?` or their East Asian
 * forms, closing quotes and brackets included, but no full stop after a digit or a single letter; or a line break.
 */
export function atBoundary(inner: SwitchCriterion): SwitchCriterion {
  return { ...inner, name: `boundary(${inner.name})`, start: () => startDetector(inner.start()) };
}

function startDetector(inner: SwitchDetector): SwitchDetector {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let tail = '';
  return {
    push(token) {
      const { value, accept } = inner.push(token);
      tail = (tail + decoder.decode(token.bytes, { stream: true })).slice(-TAIL);
      return { value, accept: accept && endsHere(tail) };
    },
  };
}

function endsHere(text: string): boolean {
  return LINE_END.test(text) || (SENTENCE_END.test(text) && !INNER_STOP.test(text));
}
