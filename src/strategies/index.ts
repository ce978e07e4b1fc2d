/**
 * A kit for decoders of one's own, and the strategies that are written with it: `export default` a `Decoder` for
 * `--strategy-module`, or give it to `decode` as its `strategy`.
 */
export type { Ability } from '../core/kit/assert-able.ts';
export type { SamplingChoice } from '../core/kit/assert-sampling.ts';
export { type Decoder, decoderStrategy } from '../core/kit/decoder.ts';
export type { DecoderModels, DecoderRole } from '../core/kit/decoder-models.ts';
export { draw } from '../core/kit/draw.ts';
export type { GrowingResponse, ResponseToken, Sample } from '../core/kit/growing-response.ts';
export type { RecordedRequest, ResponseRecorder, ResponseWatcher, UnshownToken } from '../core/response-recorder.ts';
export type { ResponseEvent } from '../core/response-stream.ts';
export type { Stopwatch } from '../core/stopwatch.ts';
export type { WriteOptions } from '../core/write-with-model.ts';
export { aligner, type AlignerOptions } from './aligner.ts';
export { args, type ArgsOptions } from './args.ts';
export { baseOnly } from './base-only.ts';
export type { BaseOptions } from './base-options.ts';
export { bestOfN, type BestOfNOptions } from './best-of-n.ts';
export { cards, type CardsNumbers, type CardsOptions } from './cards.ts';
export { draftOnly } from './draft-only.ts';
export { handback, type HandbackNumbers, type HandbackOptions } from './handback.ts';
export { nudging, type NudgingOptions } from './nudging.ts';
export { recheck, type RecheckNumbers, type RecheckOptions } from './recheck.ts';
export { urial, type UrialOptions } from './urial.ts';
export { weakToStrong, type WeakToStrongOptions } from '../core/weak-to-strong.ts';
