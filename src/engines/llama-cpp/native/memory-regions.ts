/** Addresses from `start` to before `end`. */
export interface MemoryRegion {
  readonly start: bigint;
  readonly end: bigint;
}

/** /proc/self/maps: start-end permissions offset device inode [name] */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+) *(.*)$/;

/** Memory that a process can write, that no file stands behind, and that has no name such as [stack]. */
export function anonymousRegions(maps: string): MemoryRegion[] {
  return maps.split('\n').flatMap((line) => {
    const [, start, end, permissions, inode, name] = LINE.exec(line) ?? [];
    const isAnonymous = permissions?.startsWith('rw') === true && inode === '0' && name === '';
    return isAnonymous ? [{ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }] : [];
  });
}

/** The parts of `regions` that are not in `known`: the kernel joins neighbours, so a new part may lie in an old region. */
export function newParts(regions: readonly MemoryRegion[], known: readonly MemoryRegion[]): MemoryRegion[] {
  return known.reduce<MemoryRegion[]>((parts, each) => parts.flatMap((part) => without(part, each)), [...regions]);
}

function without(part: MemoryRegion, known: MemoryRegion): MemoryRegion[] {
  if (known.end <= part.start || known.start >= part.end) return [part];
  return [
    { start: part.start, end: known.start },
    { start: known.end, end: part.end },
  ].filter(({ start, end }) => start < end);
}
