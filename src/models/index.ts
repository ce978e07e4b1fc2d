/** Models as files: the catalogue, the cache, downloads, and the headers of GGUF files. */
export { cacheDirectory } from './cache-directory.ts';
export { catalogue } from './catalogue.ts';
export { checkGgufFile } from './gguf/check-gguf-file.ts';
export { controlCandidates } from './gguf/control-candidates.ts';
export { findPerLayer } from './gguf/find-per-layer.ts';
export type { GgufHeader } from './gguf/gguf-header.ts';
export type { GgufArray, GgufItem, GgufValue } from './gguf/gguf-value.ts';
export { findString, findU32 } from './gguf/metadata-lookup.ts';
export { readGgufHeader } from './gguf/read-gguf-header.ts';
export { rememberedSha256 } from './remembered-sha256.ts';
export { pullModel } from './pull-model.ts';
