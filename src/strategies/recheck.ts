import { settingName } from '../core/setting-name.ts';
import { assertSupported } from '../core/criteria/assert-supported.ts';
import { windowedConfidence } from '../core/criteria/windowed-confidence.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { ConfigError } from '../core/errors.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';
import { mean } from '../core/mean.ts';
import { COUNT, FINITE, SHARE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import type { WeakToStrongOptions } from '../core/weak-to-strong.ts';
import { checkNumbers } from './check-numbers.ts';
import { draftTurn } from './draft-turn.ts';
import { type Passage, PassageReader } from './passage-reader.ts';

export const RECHECK_NUMBERS = { sentences: COUNT, reward: FINITE, confidence: SHARE, exchanges: COUNT } as const;

export interface RecheckNumbers {
  /** Sentences or lines of the base that are looked at together, a whole number ≥ 1. Default: 1. */
  readonly sentences?: number;
  /** The reward under which they are taken back, on the reward model's own scale. Default: 0. */
  readonly reward?: number;
  /** Without a reward model: the geometric mean of the base's own probabilities, in [0, 1]. Default: 0.3. */
  readonly confidence?: number;
  /** Most times that text is taken back, a whole number ≥ 1; then the draft finishes. Default: 3. */
  readonly exchanges?: number;
}

export interface RecheckOptions extends WeakToStrongOptions {
  /** Looks at the base's text; without it the base's own confidence does. */
  readonly judge?: RewardModel;
  readonly numbers?: RecheckNumbers;
}

type Settings = Omit<RecheckOptions, 'numbers'> & Required<RecheckNumbers>;

/**
 * Of this project, for safety; its reason is that alignment is often only a few tokens deep (arXiv 2406.05946): an
 * aligned beginning alone doesn't help where the text turns bad in its middle. After the switch of weak-to-strong
 * decoding the base's text is held back by sentences and looked at, after every n-th: r(x, response with them) under
 * the bound, or, without a reward model, exp(mean(ln p)) of the base's own probabilities of their tokens. Bad
 * sentences are taken back before they were shown, to the last place that was good, and the draft writes on from there
 * until the criterion holds again. After 3 times the draft finishes alone.
 *
 * The draft's text is not looked at. The defaults are ours; a reward of 0 is the middle of a reward model trained by
 * Bradley-Terry only by habit, so set the bound to what bad answers get from yours. The base's own confidence tells
 * confusion, not harm: only a reward model makes this a safety measure.
 *
 * @throws CapabilityError for engines that can't, ConfigError for a number out of range
 */
export function recheck({ judge, numbers, ...options }: RecheckOptions): DecodingStrategy {
  const { base, baseFormat, draft } = options;
  const settings = { sentences: 1, reward: 0, confidence: 0.3, exchanges: 3, ...numbers, ...options };
  checkNumbers('recheck', RECHECK_NUMBERS, settings);
  if (!judge && numbers?.reward !== undefined) {
    throw new ConfigError(
      'no-reward',
      `The reward of recheck is that of a reward model: name one with ${settingName('reward')} MODEL, or leave it out.`,
    );
  }
  assertSupported(options.criterion ?? windowedConfidence(), base, draft);
  return decoderStrategy(
    {
      name: 'recheck',
      needs: ['base', 'draft'],
      abilities: judge ? ['continuation'] : ['generatedLogprobs', 'continuation'],
      write: (response) => write(settings, response),
    },
    { base, baseFormat, draft, reward: judge },
  );
}

async function* write(settings: Settings, response: GrowingResponse): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const { record } = response;
  for (let exchange = 0; ; exchange++) {
    const turn = exchange === 0 ? 'first' : exchange < settings.exchanges ? 'later' : 'last';
    const drafting = turn === 'last' ? { ...settings, maxDraftTokens: response.baseLeft } : settings;
    const drafted = yield* draftTurn(drafting, response, turn);
    if (drafted) return drafted;
    const end = yield* baseTurn(settings, response);
    if (typeof end === 'string') return end;
    yield* record.handBack({ reason: 'rejected', index: record.tokens, discardedTokens: end.length });
  }
}

/** The base writes until it ends, or has written a passage that is bad, which is returned. */
async function* baseTurn(
  settings: Settings,
  response: GrowingResponse,
): AsyncGenerator<DecodeEvent, FinishReason | Passage, void> {
  const logprobs = response.models.reward ? {} : { logprobs: true };
  const reader = new PassageReader(response.generate(logprobs), response);
  try {
    for (;;) {
      const passage = await reader.next(settings.sentences);
      if (passage.length > 0 && !(await isGood(settings, passage))) return passage;
      yield* response.adopt(passage.response);
      if (response.record.stopped) return 'stop';
      if (passage.end) return passage.end;
    }
  } finally {
    await reader.close();
  }
}

async function isGood({ reward, confidence }: Settings, passage: Passage): Promise<boolean> {
  const { response, text, logprobs } = passage;
  if (response.models.reward) return (await response.reward(text)) >= reward;
  return Math.exp(mean(logprobs)) >= confidence;
}
