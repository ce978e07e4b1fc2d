import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';
import { COUNT, SHARE } from '../core/number-rules.ts';
import type { BaseOptions } from './base-options.ts';
import { BaseRun } from './base-run.ts';
import { checkNumbers } from './check-numbers.ts';
import { WordStream } from './word-stream.ts';

export const NUDGING_NUMBERS = { threshold: SHARE, rounds: COUNT } as const;

export interface NudgingOptions extends BaseOptions {
  readonly draft: DraftWriter;
  /** γ in [0, 1]: the probability of its first choice under which the base is nudged. Default: 0.4. */
  readonly threshold?: number;
  /** Most nudges, a whole number ≥ 1. Default: 150. */
  readonly rounds?: number;
}

/** Tokens that the aligned model is asked for at once. */
const NUDGE_TOKENS = 16;
/** The same nudge again, this many times in a row, and the response ends. */
const MOST_REPEATS = 3;

/**
 * Nudging (arXiv 2410.09300): where the base is unsure, max_v base(v | x) < γ, the aligned model's next words are taken,
 * until the base is sure again or would write the word itself; then the base writes on. The response ends where the
 * aligned model ends its turn; the base's own end only asks the aligned model.
 *
 * γ = 0.4 is the published commands' (and BlendIn's, arXiv 2606.11201), so it is the default here; the published
 * function's own default is 0.3. As in that code the first word is always the aligned model's, a nudge is whole words
 * with at most 16 tokens, at most 150 nudges are given, the response ends when the same nudge comes for the fourth time
 * in a row, and a run of the base that repeats what was said (16 tokens of which the base wrote the same since the last
 * nudge; or a run of more than 5 words that the response has) is a reason to nudge. Unlike it, the fourth equal nudge is
 * part of the response, for its words were streamed; a word ends at any blank, where that code cuts at single spaces and
 * so takes a line break for a part of a word; each of the aligned model's last words is taken only where the base is
 * unsure (the code appends up to 16 tokens with which that model ends), and repetitions are not cut from the finished
 * text, for it was streamed.
 *
 * @throws CapabilityError for engines that can't, ConfigError for a number out of range
 */
export function nudging({ base, baseFormat, draft, ...numbers }: NudgingOptions): DecodingStrategy {
  checkNumbers('nudging', NUDGING_NUMBERS, numbers);
  const { threshold = 0.4, rounds = 150 } = numbers;
  return decoderStrategy(
    {
      name: 'nudging',
      needs: ['base', 'draft'],
      abilities: ['nextTokens', 'continuation'],
      write: (response) => write(response, threshold, rounds),
    },
    { base, baseFormat, draft },
  );
}

async function* write(
  response: GrowingResponse,
  threshold: number,
  rounds: number,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const run = new BaseRun(threshold, response);
  let last = '';
  let repeats = 0;
  for (let round = 0; round < rounds && response.left > 0; round++) {
    const { text, ended } = yield* nudge(response, run);
    repeats = text === last ? repeats + 1 : 0;
    last = text;
    if (ended || repeats >= MOST_REPEATS) return 'stop';
    if (response.left > 0) yield* run.write();
  }
  return 'length';
}

/** Words of the aligned model, until the base is sure of what comes next. */
async function* nudge(
  response: GrowingResponse,
  run: BaseRun,
): AsyncGenerator<DecodeEvent, { readonly text: string; readonly ended: boolean }, void> {
  const words = new WordStream(response.draft({ maxTokens: Math.min(NUDGE_TOKENS, response.left) }));
  let text = '';
  try {
    for (;;) {
      const word = await words.next();
      if (word === undefined) return { text, ended: words.ended };
      if (text !== '' && (await run.wouldWrite(word))) return { text, ended: false };
      text += word;
      yield* await response.addText(word);
      if (response.left === 0) return { text, ended: false };
    }
  } finally {
    await words.close();
  }
}
