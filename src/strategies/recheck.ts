import { settingName } from '../core/setting-name.ts';
import { assertTakes } from '../core/assert-takes.ts';
import { assertSupported } from '../core/criteria/assert-supported.ts';
import { windowedConfidence } from '../core/criteria/windowed-confidence.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import { ConfigError } from '../core/errors.ts';
import type { FinishReason } from '../core/language-model.ts';
import { mean } from '../core/mean.ts';
import { COUNT, FINITE, SHARE } from '../core/number-rules.ts';
import type { RewardModel } from '../core/reward-model.ts';
import { rewardOf } from '../core/rewards-of.ts';
import type { WeakToStrongOptions } from '../core/weak-to-strong.ts';
import { generateOptions } from '../core/generate-options.ts';
import { assertContinues, assertGeneratedLogprobs } from './assert-capable.ts';
import { checkNumbers } from './check-numbers.ts';
import { draftTurn } from './draft-turn.ts';
import { GrowingResponse } from './growing-response.ts';
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

type Settings = WeakToStrongOptions & { readonly judge?: RewardModel | undefined } & Required<RecheckNumbers>;

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
  const { base, draft } = options;
  const settings = { sentences: 1, reward: 0, confidence: 0.3, exchanges: 3, ...numbers, ...options, judge };
  checkNumbers('recheck', RECHECK_NUMBERS, settings);
  if (!judge && numbers?.reward !== undefined) {
    throw new ConfigError(
      'no-reward',
      `The reward of recheck is that of a reward model: name one with ${settingName('reward')} MODEL, or leave it out.`,
    );
  }
  assertSupported(options.criterion ?? windowedConfidence(), base, draft);
  if (!judge) assertGeneratedLogprobs('recheck', base);
  assertContinues('recheck', draft);
  return { name: 'recheck', decode: (request) => decode(settings, request) };
}

async function* decode(settings: Settings, request: DecodeRequest): ReturnType<DecodingStrategy['decode']> {
  const { draft, judge, exchanges } = settings;
  assertTakes(request, settings.base, settings.draft);
  const response = await GrowingResponse.open(settings, request);
  const { record } = response;
  record.discardedTokens = 0;
  yield response.start('recheck', { draft: draft.id, ...(judge && { reward: judge.id }) });
  let left = generateOptions(request).maxTokens;
  for (let exchange = 0; ; exchange++) {
    const turn = exchange === 0 ? 'first' : exchange < exchanges ? 'later' : 'last';
    const drafting = turn === 'last' ? { ...settings, maxDraftTokens: left } : settings;
    const drafted = yield* draftTurn(drafting, response, turn);
    if (drafted) return yield* record.end(drafted);
    const before = response.written;
    const end = yield* baseTurn(settings, response, left);
    left -= response.written - before;
    if (typeof end === 'string') return yield* record.end(end);
    record.discardedTokens += end.tokens.length;
    yield* record.handBack({ reason: 'rejected', index: record.tokens, discardedTokens: end.tokens.length });
  }
}

/** The base writes until it ends, or has written a passage that is bad, which is returned. */
async function* baseTurn(
  settings: Settings,
  response: GrowingResponse,
  maxTokens: number,
): AsyncGenerator<DecodeEvent, FinishReason | Passage, void> {
  const { base, judge, sentences } = settings;
  const { record, request } = response;
  const options = { ...record.writerOptions(), maxTokens, ...((!judge || request.logprobs) && { logprobs: true }) };
  const reader = new PassageReader(base.generate(response.tokens, options), response);
  try {
    for (;;) {
      const passage = await record.baseClock.time(() => reader.next(sentences));
      const isGood =
        passage.tokens.length === 0 || (await record.scoreClock.time(() => judged(settings, response, passage)));
      if (!isGood) return passage;
      for (const token of passage.tokens) yield* response.add('base', token);
      if (record.stopped) return 'stop';
      if (passage.end) return passage.end;
    }
  } finally {
    await reader.close();
  }
}

async function judged(
  { judge, reward, confidence }: Settings,
  { request }: GrowingResponse,
  { text, tokens }: Passage,
): Promise<boolean> {
  if (judge) {
    const { messages, signal } = request;
    return (await rewardOf(judge, messages, text, signal && { signal })) >= reward;
  }
  return Math.exp(mean(tokens.map(({ logprob = 0 }) => logprob))) >= confidence;
}
