import { settingName } from '../../core/setting-name.ts';
import { createReadStream, existsSync } from 'node:fs';
import type { LineSet } from '../../batch/line-set.ts';
import { z } from 'zod';
import { SWITCH_REASONS } from '../../core/decode-event.ts';
import { FINISH_REASONS } from '../../core/language-model.ts';
import { LineSplitter } from '../../recording/line-splitter.ts';
import type { TextLine } from '../../recording/text-line.ts';
import { ConfigError } from '../../core/errors.ts';

const count = z.number();

/** What is read of one response. */
const response = z.object({
  text: z.string(),
  switch: z.object({ index: count, reason: z.enum(SWITCH_REASONS) }).nullable(),
  usage: z.object({ keptDraftTokens: count, baseTokens: count }),
  timings: z.object({ firstTokenMs: z.number().nullable(), totalMs: z.number() }),
  finishReason: z.enum(FINISH_REASONS),
});

/** What is read of a line that `batch` writes in the project's own form. */
const answer = response.extend({ line: count, followUps: z.array(response).optional() });

const failure = z.object({ line: count, error: z.object({ code: z.string() }) });

export type Answer = z.infer<typeof answer>;
type Failure = z.infer<typeof failure>;

const result = z.union([failure, answer]);

/**
 * The results of a file, one at a time, in its order; what an interruption left of a last line is not among them, and of
 * a file that is not there yet there are none.
 *
 * @throws ConfigError for a line that is none
 */
export async function* readAnswers(path: string): AsyncGenerator<Answer | Failure, void, void> {
  if (!existsSync(path)) return;
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const line of splitter.push(chunk)) yield parse(line, path);
  }
}

function parse({ bytes, number }: TextLine, path: string): Answer | Failure {
  try {
    return result.parse(JSON.parse(Buffer.from(bytes!).toString()));
  } catch (cause) {
    throw new ConfigError(
      'bad-output',
      `Line ${number} of ${path} is not what evaluate writes: remove that line, or name another folder with ${settingName('output')}.`,
      { cause },
    );
  }
}

/** The responses of a file to the lines that count. @throws as `readAnswers` */
export async function* answersTo(path: string, asked: Pick<LineSet, 'has'>): AsyncGenerator<Answer, void, void> {
  for await (const answer of readAnswers(path)) if (isAnswer(answer) && asked.has(answer.line)) yield answer;
}

/** The text of each turn, in their order. */
export function textsOf({ text, followUps = [] }: Answer): string[] {
  return [text, ...followUps.map((response) => response.text)];
}

export function isAnswer(line: Answer | Failure): line is Answer {
  return !('error' in line);
}
