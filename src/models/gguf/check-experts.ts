import { findPerLayer } from './find-per-layer.ts';
import { GgufFault } from './gguf-fault.ts';
import type { GgufValue } from './gguf-value.ts';
import { findU32 } from './metadata-lookup.ts';

/** `LLAMA_MAX_EXPERTS` of llama.cpp. */
const MAX_EXPERTS = 1024;

/** What llama.cpp asserts on models with experts, and on models without. @throws GgufFault */
export function checkExperts(metadata: ReadonlyMap<string, GgufValue>, architecture: string, layers: number): void {
  const experts = findU32(metadata, `${architecture}.expert_count`) ?? 0;
  const used = Math.max(...(findPerLayer(metadata, `${architecture}.expert_used_count`, layers) ?? [0]));
  const groups = findU32(metadata, `${architecture}.expert_group_count`) ?? 0;
  const usedGroups = findU32(metadata, `${architecture}.expert_group_used_count`) ?? 0;
  if (experts > MAX_EXPERTS || used > experts || (experts > 0 && used === 0)) {
    throw new GgufFault('damaged-gguf', `it has ${experts} experts and uses ${used} of them`);
  }
  if (groups > 0 && groups >= experts) {
    throw new GgufFault('damaged-gguf', `it has ${groups} groups of experts for ${experts} experts`);
  }
  if (groups > 1 && (experts % groups !== 0 || usedGroups === 0 || usedGroups >= groups)) {
    throw new GgufFault('damaged-gguf', `it uses ${usedGroups} of ${groups} groups of its ${experts} experts`);
  }
}
