import { assertSupported } from '../core/criteria/assert-supported.ts';
import { windowedConfidence } from '../core/criteria/windowed-confidence.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { endsSentence } from '../core/ends-sentence.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';
import { mean } from '../core/mean.ts';
import { COUNT, COUNT_OR_NONE, SHARE } from '../core/number-rules.ts';
import type { WeakToStrongOptions } from '../core/weak-to-strong.ts';
import { checkNumbers } from './check-numbers.ts';
import { draftTurn } from './draft-turn.ts';

export const HANDBACK_NUMBERS = { threshold: SHARE, window: COUNT, exchanges: COUNT_OR_NONE } as const;

export interface HandbackNumbers {
  /** The geometric mean under which the base gives the pen back, in [0, 1]. Default: 0.4. */
  readonly threshold?: number;
  /** Tokens of the base that it is the mean of, a whole number ≥ 1. Default: 12. */
  readonly window?: number;
  /** Most hand-backs, a whole number ≥ 0. Default: 2. */
  readonly exchanges?: number;
}

export interface HandbackOptions extends WeakToStrongOptions, HandbackNumbers {}

type Settings = HandbackOptions & Required<HandbackNumbers>;

/**
 * Experimental, of this project and without a paper: weak-to-strong decoding in which the base may give the pen back.
 * After the switch, at the first end of a sentence or line where the geometric mean of the base's probabilities of its
 * own last w tokens, exp(mean(ln p_{j−w+1..j})), is under the threshold, the draft writes on, until the criterion holds
 * again. At most 2 times; then the base finishes. Where the draft ends its turn after a hand-back, the response ends.
 *
 * The defaults are ours, chosen to give back seldom, and not tuned. With no exchange it is weak-to-strong decoding.
 *
 * @throws CapabilityError for engines that can't, ConfigError for a number out of range
 */
export function handback(options: HandbackOptions): DecodingStrategy {
  const { base, baseFormat, draft } = options;
  const settings = { threshold: 0.4, window: 12, exchanges: 2, ...options };
  checkNumbers('handback', HANDBACK_NUMBERS, settings);
  assertSupported(options.criterion ?? windowedConfidence(), base, draft);
  return decoderStrategy(
    {
      name: 'handback',
      needs: ['base', 'draft'],
      abilities: ['generatedLogprobs', 'continuation'],
      write: (response) => write(settings, response),
    },
    { base, baseFormat, draft },
  );
}

async function* write(settings: Settings, response: GrowingResponse): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const { record } = response;
  for (let exchange = 0; ; exchange++) {
    const drafted = yield* draftTurn(settings, response, exchange === 0 ? 'first' : 'later');
    if (drafted) return drafted;
    const end = yield* baseTurn(settings, response, exchange < settings.exchanges);
    if (end !== 'unsure') return end;
    yield* record.handBack({ reason: 'unsure', index: record.tokens, discardedTokens: 0 });
  }
}

async function* baseTurn(
  { threshold, window }: Settings,
  response: GrowingResponse,
  mayHandBack: boolean,
): AsyncGenerator<DecodeEvent, FinishReason | 'unsure', void> {
  const tokens = response.generate({ logprobs: true });
  const recent: number[] = [];
  try {
    for (;;) {
      const next = await tokens.next();
      if (next.done) return next.value;
      yield* response.add(next.value);
      if (response.record.stopped) return 'stop';
      recent.push(next.value.logprob ?? 0);
      if (recent.length > window) recent.shift();
      if (!mayHandBack || recent.length < window) continue;
      if (Math.exp(mean(recent)) < threshold && endsSentence(response.text.slice(-32)) && response.isWhole)
        return 'unsure';
    }
  } finally {
    await tokens.return('stop');
  }
}
