import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';

/** llama.cpp would open the other parts by itself, unchecked. @throws GgufFault */
export function checkSingleFile({ metadata }: GgufHeader): void {
  const count = metadata.get('split.count');
  if (count === undefined || (count.type !== 'array' && (count.value === 0 || count.value === 1))) return;
  const parts = count.type === 'array' ? 'several' : String(count.value);
  const clause = `it is one of ${parts} parts of a model, which llama-gguf-split --merge makes one file`;
  throw new GgufFault('unsupported-gguf', clause);
}
