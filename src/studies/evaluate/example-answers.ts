// Support for the tests beside it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { LineSet } from '../../batch/line-set.ts';
import { makeFolder } from '../../batch/example-batch.ts';
import type { Answer } from './read-answers.ts';

/** A response of ten tokens of which four are drafted, in 100 ms. */
export function answerOf(line: number, changes: Partial<Answer> = {}): Answer {
  return {
    line,
    text: `text ${line}`,
    switch: null,
    usage: { keptDraftTokens: 4, baseTokens: 6 },
    timings: { firstTokenMs: 20, totalMs: 100 },
    finishReason: 'stop',
    ...changes,
  };
}

/** A file of a strategy's results. */
export async function writeAnswers(context: TestContext, lines: readonly object[]): Promise<string> {
  const path = join(await makeFolder(context), 'answers.jsonl');
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

export function linesUpTo(last: number): LineSet {
  const lines = new LineSet(last);
  for (let line = 1; line <= last; line++) lines.add(line);
  return lines;
}
