/** The pieces without the first `count` bytes of all; those that lie wholly in them are empty. */
export function dropBytes(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  return pieces.map((piece) => {
    const kept = piece.subarray(left);
    left -= piece.length - kept.length;
    return kept;
  });
}
