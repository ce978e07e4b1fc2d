import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anonymousRegions, type MemoryRegion, newParts } from './memory-regions.ts';

const MAPS = `55d0a000-55d0b000 rw-p 00000000 00:00 0                                  [heap]
7f0000000000-7f0000400000 rw-p 00000000 00:00 0 
7f0000400000-7f0000800000 r--p 00000000 fe:00 4711                       /models/base.gguf
7f0000800000-7f0000900000 ---p 00000000 00:00 0 
7ffd1000-7ffd2000 rw-p 00000000 00:00 0                                  [stack]
`;

test('anonymous memory is what can be written, without a file and without a name', () => {
  assert.deepEqual(anonymousRegions(MAPS), [{ start: 0x7f0000000000n, end: 0x7f0000400000n }]);
});

test('new parts are every address of the regions that was not known, and no other', () => {
  const region = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }))
    .map(([start, length]): MemoryRegion => ({ start: BigInt(start), end: BigInt(start + length) }));
  const addresses = (regions: readonly MemoryRegion[]): Set<number> =>
    new Set(
      regions.flatMap(({ start, end }) => Array.from({ length: Number(end - start) }, (_, i) => Number(start) + i)),
    );
  fc.assert(
    fc.property(fc.array(region), fc.array(region), (regions, known) => {
      const expected = addresses(regions).difference(addresses(known));
      assert.deepEqual(addresses(newParts(regions, known)), expected);
    }),
  );
});
