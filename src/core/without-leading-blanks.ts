import type { DraftPiece } from './draft-writer.ts';
import type { FinishReason } from './language-model.ts';

/** The same draft without the blanks that it begins with; what it made of them is no part of its confidence. */
export async function* withoutLeadingBlanks(
  pieces: AsyncGenerator<DraftPiece, FinishReason, void>,
): AsyncGenerator<DraftPiece, FinishReason, void> {
  let isBlank = true;
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done) return next.value;
      const { text, logprob } = next.value;
      const rest: string = isBlank ? text.trimStart() : text;
      isBlank = rest === '' && isBlank;
      const isDropped = text !== '' && rest === '';
      yield { ...next.value, text: rest, ...(isDropped && logprob !== undefined && { logprob: 0 }) };
    }
  } finally {
    await pieces.return('stop');
  }
}
