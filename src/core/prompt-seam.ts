import { commonPrefixLength } from './common-prefix-length.ts';
import type { CallOptions, LanguageModel, TokenId } from './language-model.ts';

/** Tokens from the prompt's end in which a seam is looked for: some lines of text. */
const WINDOW = 128;
/** Characters that must follow a seam, so that no text after the prompt can reach it: more than any token has. */
const LEAST_AFTER = 64;

/** A place in a prompt from which on it can be tokenised by itself. */
export interface PromptSeam {
  /** Tokens of the prompt before it. */
  readonly start: number;
  /** The prompt's text after it. */
  readonly text: string;
}

/**
 * Places near the prompt's end that may be seams, the best first: behind its last control token, where all tokenizers
 * begin anew, or else before a blank that follows a word. Some tokenizers put a blank before every text, so the same
 * place without its blank is another candidate. What a candidate is worth tells `isSeam`.
 */
export async function seamCandidates(
  base: LanguageModel,
  prompt: readonly TokenId[],
  call: CallOptions,
): Promise<PromptSeam[]> {
  const first = Math.max(prompt.length - WINDOW, 0);
  const pieces = await base.decode(prompt.slice(first), call);
  const control = pieces.findLastIndex((piece) => piece.length === 0);
  const starts = control >= 0 ? [control + 1] : wordStarts(pieces);
  const seams = starts.map((start) => ({ start: first + start, text: textOf(pieces.slice(start)) }));
  const [seam] = control >= 0 ? seams : seams.filter(({ text }) => text.length >= LEAST_AFTER);
  if (!seam) return [];
  return seam.text.startsWith(' ') ? [seam, { ...seam, text: seam.text.slice(1) }] : [seam];
}

/** Whether the text from a seam on has the tokens that it has as a part of the whole. */
export async function isSeam(
  base: LanguageModel,
  { start, text }: PromptSeam,
  whole: { readonly tokens: readonly TokenId[]; readonly after: string },
  call: CallOptions,
): Promise<boolean> {
  const alone = await base.encode([{ text: text + whole.after, control: false }], call);
  const rest = whole.tokens.slice(start);
  return alone.length === rest.length && commonPrefixLength(alone, rest) === rest.length;
}

/** Tokens that begin with a blank behind one that ends with none. */
function wordStarts(pieces: readonly Uint8Array[]): number[] {
  return pieces.flatMap((piece, i) => {
    const before = pieces[i - 1]?.at(-1);
    return before !== undefined && isBlank(piece[0]!) && !isBlank(before) && before < 0x80 ? [i] : [];
  });
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a;
}

function textOf(pieces: readonly Uint8Array[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
}
