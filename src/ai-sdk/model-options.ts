import type { DecodeOptions } from '../assembly/decode-options.ts';

/** How responses are decoded; what a call brings itself (prompt, limits, signal) is not in here. */
export type WellbegunModelOptions = Omit<DecodeOptions, 'prompt' | 'messages' | 'signal'>;
