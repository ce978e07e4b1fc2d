import { DraftRetokenizer } from '../../src/core/index.ts';
import { type Pair, type PromptText, windowedConfidence } from '../../src/index.ts';

/** A whole draft, and where the base takes over. */
export interface RecordedDraft {
  readonly prompt: PromptText;
  /** The text of each drafted token. */
  readonly pieces: readonly string[];
  /** Number of the base's tokens that are kept; all of them where no window qualifies. */
  readonly kept: number;
  readonly switches: boolean;
}

/** Drafts to the end, as no schedule does, and scores all of it. */
export async function recordWholeDraft({ base, baseFormat, draft }: Pair, content: string, maxTokens: number) {
  const messages = [{ role: 'user' as const, content }];
  const { text: prompt } = baseFormat.format(messages);
  const pieces: string[] = [];
  for await (const { text } of draft.write(messages, { temperature: 0, maxTokens })) pieces.push(text);
  const whole = await DraftRetokenizer.start(base, prompt);
  const { prefix, tokens } = await whole.extend(pieces.join(''), { complete: true });
  const ids = tokens.map(({ token }) => token);
  const scores = await base.score(prefix, ids);
  const detector = windowedConfidence().start();
  const at = tokens.findIndex(({ bytes }, i) => detector.push({ ...scores[i]!, bytes }).accept);
  return { prompt, pieces, kept: at < 0 ? tokens.length : at + 1, switches: at >= 0 } satisfies RecordedDraft;
}
