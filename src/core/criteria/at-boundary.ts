import { endsSentence } from '../ends-sentence.ts';
import type { SwitchCriterion, SwitchDetector } from '../switch-criterion.ts';
import { monotone, monotoneWindow } from './monotone.ts';

/** Characters that are looked back at: a mark, closing quotes and brackets, and what tells an ending from a number. */
const TAIL = 16;

/**
 * `inner`, but only at the end of a sentence or line: the base takes over at the smallest i at which `inner` accepts
 * and the text of tokens 0..i ends a sentence or line (`endsSentence`), a(i) ∧ e(t_{0..i}). No half sentence changes
 * hands (cf. the delimiters of arXiv 2504.12329).
 */
export function atBoundary(inner: SwitchCriterion): SwitchCriterion {
  const criterion = { ...inner, name: `boundary(${inner.name})`, start: () => startDetector(inner.start()) };
  return monotone(criterion, monotoneWindow(inner));
}

function startDetector(inner: SwitchDetector): SwitchDetector {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let tail = '';
  return {
    push(token) {
      const { value, accept } = inner.push(token);
      tail = (tail + decoder.decode(token.bytes, { stream: true })).slice(-TAIL);
      return { value, accept: accept && endsSentence(tail) };
    },
  };
}
