import type { DecodeRequest } from './decoding-strategy.ts';
import type { SamplingParams } from './language-model.ts';
import { generateOptions } from './generate-options.ts';

/** A model or a writer. */
interface Sampler {
  assertSampling?(sampling: SamplingParams): void;
}

/**
 * Before any work is done or paid for: whether all who write of a response can follow its settings.
 *
 * @throws CapabilityError that names the setting and the engine
 */
export function assertTakes(request: DecodeRequest, ...writers: readonly Sampler[]): void {
  for (const writer of writers) writer.assertSampling?.(generateOptions(request));
}
