import { type DecodeTrace, type LanguageModel, plainForm } from '../src/index.ts';
import { PROMPTS } from './prompts.ts';
import { type Row, toRow } from './row.ts';

/**
 * How many responses differ, and how far apart the two tokens are where the base parts: batches of different shapes
 * round differently, so a small gap is a tie. Where the draft's text parts, the base's opinion says nothing of it.
 */
export async function countDifferences(
  name: string,
  base: LanguageModel,
  expected: readonly DecodeTrace[],
  actual: readonly DecodeTrace[],
): Promise<Row[]> {
  const gaps: number[] = [];
  let byDraft = 0;
  for (const [i, left] of expected.entries()) {
    const right = actual[i]!;
    if (left.text === right.text) continue;
    const at = left.tokens.findIndex(({ id }, k) => id !== right.tokens[k]?.id);
    const isBase = [left, right].every(({ tokens }) => tokens[at]?.source === 'base');
    if (isBase) gaps.push(await gapAt(base, PROMPTS[i]!, left, right, at));
    else byDraft++;
  }
  const shown = gaps.map((gap) => gap.toFixed(4)).join(', ');
  return [
    toRow(`${name}-parted-by-draft`, 'responses', [byDraft], `of ${expected.length}`),
    toRow(`${name}-parted-by-base`, 'responses', [gaps.length], `of ${expected.length}; nats between them: ${shown}`),
  ];
}

async function gapAt(
  base: LanguageModel,
  prompt: string,
  left: DecodeTrace,
  right: DecodeTrace,
  at: number,
): Promise<number> {
  const { text } = plainForm(base.info).format([{ role: 'user', content: prompt }]);
  const prefix = [...(await base.encode(text)), ...left.tokens.slice(0, at).map(({ id }) => id!)];
  const [a] = await base.score(prefix, [left.tokens[at]!.id!]);
  const [b] = await base.score(prefix, [right.tokens[at]!.id!]);
  return Math.abs(a!.logprob - b!.logprob);
}
