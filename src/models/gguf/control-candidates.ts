import type { GgufHeader } from './gguf-header.ts';
import type { GgufArray } from './gguf-value.ts';

/** tokenizer.ggml.token_type of ordinary tokens and of single bytes. */
const NORMAL = 1;
const BYTE = 6;
/** Texts that are control tokens in some file that does not mark them: `<|im_end|>`, `[INST]`. */
const MARKED = /^(<[^<>]+>|\[[A-Z_/]+\])$/;

/** Ids of tokens that may be control tokens; the engine asks the library about each. */
export function* controlCandidates({ metadata }: GgufHeader): Generator<number> {
  const tokens = metadata.get('tokenizer.ggml.tokens') as GgufArray | undefined;
  const types = metadata.get('tokenizer.ggml.token_type') as GgufArray | undefined;
  for (let id = 0; id < (tokens?.length ?? 0); id++) {
    const type = types?.at(id) ?? NORMAL;
    if (type === BYTE) continue;
    if (type !== NORMAL || MARKED.test(String(tokens?.at(id)))) yield id;
  }
}
