import type { DecodeTrace } from '../src/core/decode-event.ts';
import type { LanguageModel } from '../src/core/language-model.ts';
import { plainForm } from '../src/prompts/plain-form.ts';
import { PROMPTS } from './prompts.ts';
import { type Row, toRow } from './row.ts';

/** Nats. Batches of different shapes round differently; two tokens closer than this are a tie. */
const TIE = 0.02;

/**
 * How many responses differ, and how many of those part at a tie: where the base thinks the two tokens as likely as each
 * other. Where the draft's text parts, the base's opinion says nothing of the draft: those are counted apart.
 */
export async function countDifferences(
  base: LanguageModel,
  expected: readonly DecodeTrace[],
  actual: readonly DecodeTrace[],
): Promise<Row[]> {
  const counts = { 'by the draft': 0, 'by the base, at a tie': 0, 'by the base, not at a tie': 0 };
  for (const [i, left] of expected.entries()) {
    const right = actual[i]!;
    if (left.text === right.text) continue;
    const at = left.tokens.findIndex(({ id }, k) => id !== right.tokens[k]?.id);
    const parting = [left.tokens[at], right.tokens[at]];
    if (parting.some((token) => token?.source !== 'base')) counts['by the draft']++;
    else
      counts[
        (await isTie(base, PROMPTS[i]!, left, right, at)) ? 'by the base, at a tie' : 'by the base, not at a tie'
      ]++;
  }
  return Object.entries(counts).map(([where, count]) =>
    toRow('concurrent-differences', 'responses', [count], `of ${expected.length}, parting ${where}`),
  );
}

async function isTie(
  base: LanguageModel,
  prompt: string,
  left: DecodeTrace,
  right: DecodeTrace,
  at: number,
): Promise<boolean> {
  const { text } = plainForm({ bosText: base.info.bosText }).format([{ role: 'user', content: prompt }]);
  const prefix = [...(await base.encode(text)), ...left.tokens.slice(0, at).map(({ id }) => id!)];
  const [a] = await base.score(prefix, [left.tokens[at]!.id!]);
  const [b] = await base.score(prefix, [right.tokens[at]!.id!]);
  return Math.abs(a!.logprob - b!.logprob) < TIE;
}
