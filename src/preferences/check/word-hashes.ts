/** FNV-1a over code units. */
const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;

/**
 * A hash of 32 bits for each word of a text. Words are runs of letters and digits, in any case; all else is between them.
 */
export function wordHashes(text: string): number[] {
  const lower = text.toLowerCase();
  const hashes: number[] = [];
  let hash = FNV_BASIS;
  for (let place = 0; place < lower.length; place++) {
    const code = lower.charCodeAt(place);
    if (isOfWord(code)) hash = Math.imul(hash ^ code, FNV_PRIME);
    else if (hash !== FNV_BASIS) {
      hashes.push(mixed(hash));
      hash = FNV_BASIS;
    }
  }
  if (hash !== FNV_BASIS) hashes.push(mixed(hash));
  return hashes;
}

/** Beyond ASCII, all but blanks and punctuation. */
function isOfWord(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  return !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f) && code !== 0xd7 && code !== 0xf7;
}

/** A bijection of 32 bits in which every bit depends on all of them. */
export function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
