import { readFileSync } from 'node:fs';
import type { Pair } from '../../src/index.ts';
import type { GrowthOptions } from './growth-options.ts';
import { measurePoint } from './measure-point.ts';
import { promptOfLength } from './prompt-of-length.ts';
import type { GrowthPoint, MeasuredSeries } from './series.ts';

/** In tokens of the base. The default draft was trained for 2,048 of its own, its template and answer included. */
const LENGTHS = [32, 64, 128, 256, 512, 1024, 1536];
const LENGTHS_OF_A_LARGE_CONTEXT = [...LENGTHS, 2048];
const ANSWER = 160;
const TEXT = new URL('../../LICENSE', import.meta.url);

/**
 * Prompts of a given length: a part of a text that no prompt before it began with, so that nothing is reused.
 */
export async function measurePromptLength(pair: Pair, options: GrowthOptions): Promise<MeasuredSeries> {
  const { maxTokens, progress, prompts } = options;
  const text = readFileSync(TEXT, 'utf8').replaceAll(/\s+/g, ' ');
  const lengths = (await draftHasRoom(pair, text, 2048)) ? LENGTHS_OF_A_LARGE_CONTEXT : LENGTHS;
  const points: GrowthPoint[] = [];
  for (const length of lengths) {
    progress(`${points.length + 1} of ${lengths.length}`);
    const asked = await Promise.all(prompts.map((prompt) => promptOfLength(pair.base, `${prompt}\n\n${text}`, length)));
    points.push(await measurePoint(pair, length, asked, { maxTokens, maxDraft: ANSWER - 32 }));
  }
  const most = lengths.at(-1)!;
  const shortage =
    most < 2048 ? ` Beyond ${most} tokens the default draft's own context, 2,048 tokens, has no room.` : '';
  return {
    name: 'prompt-length',
    title: 'Length of the prompt',
    x: 'prompt, tokens of the base',
    note: `A question and the beginning of a text; both models read it anew.${shortage}`,
    points,
  };
}

async function draftHasRoom(pair: Pair, text: string, tokens: number): Promise<boolean> {
  const content = await promptOfLength(pair.base, text.repeat(2), tokens);
  const measure = await pair.draft.measure?.([{ role: 'user', content }]);
  return measure === undefined || measure.promptTokens + ANSWER <= measure.contextLength;
}
