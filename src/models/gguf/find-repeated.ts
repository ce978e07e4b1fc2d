import type { GgufStringArray } from './gguf-string-array.ts';

/**
 * The index of the first string that occurs before it too; empty strings are left out. A hash table of its own, because
 * a Set of the 262,144 tokens of a large vocabulary takes a tenth of a second.
 */
export function findRepeated(strings: GgufStringArray): number | undefined {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * strings.length + 2))).fill(-1);
  const mask = slots.length - 1;
  for (let index = 0; index < strings.length; index++) {
    if (strings.byteLengthAt(index) === 0) continue;
    let slot = strings.hashAt(index) & mask;
    for (let other = slots[slot]!; other >= 0; other = slots[slot]!) {
      if (strings.equals(index, other)) return index;
      slot = (slot + 1) & mask;
    }
    slots[slot] = index;
  }
  return undefined;
}
