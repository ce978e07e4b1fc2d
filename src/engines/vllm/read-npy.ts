const MAGIC = '\x93NUMPY';

/**
 * The numbers of a .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) that holds one
 * column of little-endian floats of 32 bits.
 *
 * @returns undefined for any other file
 */
export function readNpyColumn(file: Buffer, rows: number): Float32Array | undefined {
  if (file.length < 12 || file.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const isFirstVersion = file[6] === 1;
  const headerStart = isFirstVersion ? 10 : 12;
  const dataStart = headerStart + (isFirstVersion ? file.readUInt16LE(8) : file.readUInt32LE(8));
  const header = file.toString('latin1', headerStart, dataStart);
  if (!/'descr': '<f4'/.test(header) || !header.includes(`'shape': (${rows}, 1)`)) return undefined;
  if (file.length !== dataStart + 4 * rows) return undefined;
  return Float32Array.from({ length: rows }, (_, row) => file.readFloatLE(dataStart + 4 * row));
}
