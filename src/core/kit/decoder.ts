import { assertTakes } from '../assert-takes.ts';
import type { DecodeEvent, ModelNames } from '../decode-event.ts';
import type { DecodeRequest, DecodingStrategy } from '../decoding-strategy.ts';
import type { FinishReason } from '../language-model.ts';
import { type Ability, assertAble } from './assert-able.ts';
import { assertSampling, type SamplingChoice } from './assert-sampling.ts';
import { DECODER_ROLES, type DecoderModels, type DecoderRole, needModel } from './decoder-models.ts';
import { GrowingResponse } from './growing-response.ts';

/**
 * A way to write one response, in the verbs of `GrowingResponse`. What every strategy has besides (its events, trace,
 * usage and times, limits, stop strings, what is checked before any work) comes with the kit.
 */
export interface Decoder {
  /** For people, traces and files: small letters, digits and hyphens. */
  readonly name: string;
  /** The models that it can't do without. Only these are loaded for it. */
  readonly needs: readonly DecoderRole[];
  /** What its models' engines must be able to do; refused by name where they are not. */
  readonly abilities?: readonly Ability[];
  /**
   * For one that chooses tokens by itself, with `response.draw`: which settings of sampling it follows besides
   * temperature and seed; others are refused. Leave it out where models choose: they follow all of them.
   */
  readonly sampling?: readonly SamplingChoice[];
  /** The temperature of a request that is greedy, for decoders that can't do without chance. Above 0. */
  readonly defaultTemperature?: number;
  /** How many forks write, or are rewarded, at the same time: models are loaded for as many texts. Default: 1. */
  readonly textsAtOnce?: number;
  /** Refuses a request that does not fit, before anything is shown. */
  prepare?(response: GrowingResponse): Promise<void> | void;
  /**
   * Writes one response: yields the events that the verbs of `response` give.
   *
   * @returns why it ended; a stop string or a limit that ended it has its way
   */
  write(response: GrowingResponse): AsyncGenerator<DecodeEvent, FinishReason, void>;
}

/**
 * A decoder with its models is a strategy like any other.
 *
 * @throws CapabilityError for a model that is missing, or can't do what the decoder needs
 */
export function decoderStrategy(decoder: Decoder, models: DecoderModels): DecodingStrategy {
  for (const role of decoder.needs) needModel(models, role);
  assertAble(decoder.name, decoder.abilities ?? [], models);
  return { name: decoder.name, decode: (request) => decode(decoder, models, request) };
}

async function* decode(
  decoder: Decoder,
  models: DecoderModels,
  asked: DecodeRequest,
): ReturnType<DecodingStrategy['decode']> {
  const { name, needs, sampling } = decoder;
  const request = withTemperature(asked, decoder);
  if (sampling) assertSampling(name, request.sampling, sampling);
  else assertTakes(request, ...writersOf(models, needs));
  const response = await GrowingResponse.open(models, needs, request);
  await decoder.prepare?.(response);
  yield response.record.start({ strategy: name, models: namesOf(models) });
  return yield* response.record.end(yield* decoder.write(response));
}

function withTemperature(request: DecodeRequest, { defaultTemperature: temperature }: Decoder): DecodeRequest {
  if (temperature === undefined || request.sampling?.temperature) return request;
  return { ...request, sampling: { ...request.sampling, temperature } };
}

function writersOf(models: DecoderModels, needs: readonly DecoderRole[]) {
  return (['base', 'draft', 'aligner'] as const).filter((role) => needs.includes(role)).map((role) => models[role]!);
}

function namesOf(models: DecoderModels): ModelNames {
  const present = DECODER_ROLES.filter((role) => models[role]);
  return Object.fromEntries(present.map((role) => [role, models[role]!.id]));
}
