import { assertTakes } from '../core/assert-takes.ts';
import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import type { FinishReason, GeneratedToken, LanguageModel } from '../core/language-model.ts';
import { COUNT, POSITIVE } from '../core/number-rules.ts';
import { ResponseStream } from '../core/response-stream.ts';
import type { RewardModel } from '../core/reward-model.ts';
import { rewardOf } from '../core/rewards-of.ts';
import { checkNumbers } from './check-numbers.ts';
import { type BaseOptions, GrowingResponse } from './growing-response.ts';

export const BEST_OF_N_NUMBERS = { n: COUNT, temperature: POSITIVE } as const;

export interface BestOfNOptions extends BaseOptions {
  readonly reward: RewardModel;
  /** Samples, a whole number ≥ 1. Default: 4. */
  readonly n?: number;
  /** Temperature of the samples where the request has none, above 0. Default: 1. */
  readonly temperature?: number;
}

/**
 * Best of n: n samples of the base, and the one with the greatest reward, argmax_i r(x, y_i) with y_i ~ base(· | x);
 * the first of equals. The samples are written at the same time, by an engine that can in one batch, and share the
 * prompt. Nothing streams before all of them are there.
 *
 * Older than any one paper of it; WebGPT (arXiv 2112.09332) takes the best of 4, 16 or 64 by the size of its model, so
 * n has no standard value: 4 is ours, for small machines (a function of the CARDS code has 10, its configurations 5). The
 * temperature is ours too: a request at 0 is sampled at 1, the base's plain distribution, for greedy samples would all be
 * the same. With a seed each sample has a stream of draws of its own, which no other choice of the request shares.
 *
 * @throws ConfigError for a number out of range
 */
export function bestOfN(options: BestOfNOptions): DecodingStrategy {
  const { n = 4, temperature = 1 } = options;
  checkNumbers('best-of-n', BEST_OF_N_NUMBERS, options);
  return { name: 'best-of-n', decode: (request) => decode({ ...options, n, temperature }, request) };
}

async function* decode(
  options: Required<BestOfNOptions>,
  request: DecodeRequest,
): ReturnType<DecodingStrategy['decode']> {
  assertTakes(
    { ...request, sampling: { ...request.sampling, temperature: temperatureOf(options, request) } },
    options.base,
  );
  const response = await GrowingResponse.open(options, request);
  const { record } = response;
  yield response.start('best-of-n', { reward: options.reward.id });
  const samples = await record.baseClock.time(() => writeAll(options, response));
  const best = samples.reduce((winner, sample) => (sample.reward > winner.reward ? sample : winner));
  record.discardedTokens = samples.reduce((sum, { tokens }) => sum + tokens.length, -best.tokens.length);
  for (const token of best.tokens) {
    yield* response.add('base', token);
    if (record.stopped) break;
  }
  return yield* record.end(best.finish);
}

function temperatureOf({ temperature }: Required<BestOfNOptions>, { sampling }: DecodeRequest): number {
  return sampling?.temperature ? sampling.temperature : temperature;
}

interface Sample {
  readonly tokens: readonly GeneratedToken[];
  readonly finish: FinishReason;
  readonly reward: number;
}

/** All samples and their rewards. Where one fails, the others are stopped. */
async function writeAll(options: Required<BestOfNOptions>, response: GrowingResponse): Promise<Sample[]> {
  const { base, n } = options;
  const failed = new AbortController();
  const { signal: asked } = response.request;
  const signal = asked ? AbortSignal.any([asked, failed.signal]) : failed.signal;
  if (n > 1) await readPrompt(base, response, signal);
  const work = Array.from({ length: n }, () => write(options, response, signal));
  try {
    return await Promise.all(work);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(work);
    throw error;
  }
}

/** So that the samples find it computed, and don't each begin with it. */
async function readPrompt(base: LanguageModel, { tokens }: GrowingResponse, signal: AbortSignal): Promise<void> {
  if (base.capabilities.prefixReuse && tokens.length > 1)
    await base.score(tokens.slice(0, -1), tokens.slice(-1), { signal });
}

async function write(
  settings: Required<BestOfNOptions>,
  { request, record, tokens: prefix, prompt }: GrowingResponse,
  signal: AbortSignal,
): Promise<Sample> {
  const { base, reward } = settings;
  const options = record.writerOptions();
  const generated = base.generate(prefix, {
    ...options,
    temperature: temperatureOf(settings, request),
    // What would be cut off is neither written nor rewarded.
    maxTokens: Math.min(options.maxTokens, request.maxResponseTokens ?? Infinity),
    ...(request.logprobs && { logprobs: true }),
    signal,
  });
  const stream = new ResponseStream(request.stop ?? [], prompt.stop);
  const tokens: GeneratedToken[] = [];
  let text = '';
  for (;;) {
    const next = await generated.next();
    const events = next.done
      ? stream.end(next.value)
      : stream.pushToken({ id: next.value.token, source: 'base' }, next.value.bytes);
    for (const event of events) if (event.type === 'token') text += event.text;
    if (next.done || stream.stopped) {
      await generated.return('stop');
      if (!next.done) tokens.push(next.value);
      const finish = next.done ? next.value : 'stop';
      return { tokens, finish, reward: await rewardOf(reward, request.messages, text, { signal }) };
    }
    tokens.push(next.value);
  }
}
