import { GgufFault } from './gguf-fault.ts';
import { GgufStringArray } from './gguf-string-array.ts';
import type { GgufValue } from './gguf-value.ts';

const KEY = 'tokenizer.ggml.merges';

/** Every merge is two texts with a space between them; the first may itself begin with a space. @throws GgufFault */
export function checkMerges(metadata: ReadonlyMap<string, GgufValue>): void {
  const merges = metadata.get(KEY);
  if (merges === undefined) return;
  if (!(merges instanceof GgufStringArray)) throw new GgufFault('damaged-gguf', `${KEY} is not an array of strings`);
  for (let index = 0; index < merges.length; index++) {
    const merge = merges.latin1At(index)!;
    const space = merge.indexOf(' ', 1);
    if (space < 1 || space === merge.length - 1)
      throw new GgufFault('damaged-gguf', `the merge ${index} is not a pair`);
  }
}
