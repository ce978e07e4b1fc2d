import { findPerLayer } from './find-per-layer.ts';
import { GgufFault } from './gguf-fault.ts';
import type { GgufValue } from './gguf-value.ts';
import { findU32 } from './metadata-lookup.ts';

const MAX_HEADS = 1 << 16;

/**
 * The heads of each layer: query heads share key heads evenly, and RoPE turns an even part of a key.
 *
 * @throws GgufFault
 */
export function checkAttention(metadata: ReadonlyMap<string, GgufValue>, architecture: string, layers: number): void {
  const heads = findPerLayer(metadata, `${architecture}.attention.head_count`, layers);
  if (heads === undefined) return;
  const keyHeads = findPerLayer(metadata, `${architecture}.attention.head_count_kv`, layers) ?? heads;
  for (const [layer, count] of heads.entries()) {
    const shared = keyHeads[layer]!;
    if (count > MAX_HEADS || shared > MAX_HEADS || (shared > 0 && count % shared !== 0)) {
      const clause = `layer ${layer} has ${count} attention heads for ${shared} key heads`;
      throw new GgufFault('damaged-gguf', clause);
    }
  }
  const firstHeads = heads[0]!;
  if (firstHeads > 0) checkRope(metadata, architecture, firstHeads);
}

function checkRope(metadata: ReadonlyMap<string, GgufValue>, architecture: string, heads: number): void {
  const width = findU32(metadata, `${architecture}.embedding_length`)!;
  const keyLength = findU32(metadata, `${architecture}.attention.key_length`) ?? Math.floor(width / heads);
  if (keyLength === 0) throw new GgufFault('damaged-gguf', `it has ${heads} attention heads in a width of ${width}`);
  checkTurned('rope.dimension_count', keyLength);
  checkTurned('rope.dimension_count_swa', findU32(metadata, `${architecture}.attention.key_length_swa`) ?? keyLength);

  function checkTurned(name: string, length: number): void {
    const turned = findU32(metadata, `${architecture}.${name}`);
    if (turned !== undefined && (turned > length || turned % 2 !== 0)) {
      throw new GgufFault('damaged-gguf', `${architecture}.${name} is ${turned}, with keys of length ${length}`);
    }
  }
}
