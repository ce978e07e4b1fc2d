import type { DraftPiece } from './draft-writer.ts';
import type { FinishReason } from './language-model.ts';

export interface DraftChunk {
  readonly text: string;
  /** Drafted tokens in it. */
  readonly count: number;
  /** Why the draft ended, where it did. */
  readonly end: FinishReason | undefined;
}

/** Reads up to `size` tokens of the draft, and at least one, so that a draft always comes to its end. */
export async function readChunk(
  pieces: AsyncGenerator<DraftPiece, FinishReason, void>,
  size: number,
): Promise<DraftChunk> {
  let text = '';
  let count = 0;
  do {
    const next = await pieces.next();
    if (next.done) return { text, count, end: next.value };
    text += next.value.text;
    count++;
  } while (count < size);
  return { text, count, end: undefined };
}
