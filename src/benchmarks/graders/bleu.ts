const LONGEST = 4;

/** White space as Python has it, where `\s` of JavaScript lacks some and has the byte order mark. */
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/**
 * BLEU of one response against one reference, 0 to 100, as lm-eval has sacrebleu compute it: tokens of mteval-v14 (`intl`),
 * passages of one to four tokens, exponential smoothing, no effective order. So a response of fewer than four tokens
 * has 0.
 *
 * Papineni et al. 2002; Post 2018 (arXiv:1804.08771).
 */
export function bleu(response: string, reference: string): number {
  const [given, wanted] = [tokensOf(response), tokensOf(reference)];
  if (given.length < LONGEST) return 0;
  let logPrecisions = 0;
  let smoothing = 1;
  let hasMatch = false;
  for (let length = 1; length <= LONGEST; length++) {
    const total = given.length - length + 1;
    const matched = matchedPassages(given, wanted, length);
    hasMatch ||= matched > 0;
    if (matched === 0) smoothing *= 2;
    logPrecisions += Math.log(matched === 0 ? 100 / (smoothing * total) : (100 * matched) / total);
  }
  if (!hasMatch) return 0;
  const brevity = given.length < wanted.length ? Math.exp(1 - wanted.length / given.length) : 1;
  return brevity * Math.exp(logPrecisions / LONGEST);
}

/** Punctuation apart unless digits are on both sides, symbols apart always. */
function tokensOf(text: string): string[] {
  const apart = text
    .replaceAll(/(\P{N})(\p{P})/gu, '$1 $2 ')
    .replaceAll(/(\p{P})(\P{N})/gu, ' $1 $2')
    .replaceAll(/(\p{S})/gu, ' $1 ');
  return apart.split(SPACE).filter((token) => token !== '');
}

/** How many passages of the given tokens are in the wanted ones, each as often as it is there at most. */
function matchedPassages(given: readonly string[], wanted: readonly string[], length: number): number {
  const left = countPassages(wanted, length);
  let matched = 0;
  for (const [passage, count] of countPassages(given, length)) matched += Math.min(count, left.get(passage) ?? 0);
  return matched;
}

function countPassages(tokens: readonly string[], length: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + length <= tokens.length; start++) {
    const passage = tokens.slice(start, start + length).join(' ');
    counts.set(passage, (counts.get(passage) ?? 0) + 1);
  }
  return counts;
}
