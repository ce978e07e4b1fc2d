import { settingName } from '../core/setting-name.ts';
import { ConfigError } from '../core/errors.ts';
import { LineSet } from './line-set.ts';
import { readAppended } from './read-appended.ts';
import { readResultLine } from './result-line.ts';

/** What the output of an earlier run holds. */
export interface OutputContent {
  /** Lines of the input that have a result, failures among them. */
  readonly done: LineSet;
  readonly failed: LineSet;
  /** The file's beginning that is whole lines; after it there is at most what an interruption left of one. */
  readonly sizeBytes: number;
}

/**
 * Reads which lines are done. A last line without its end, or one that is not JSON, is what an interruption left.
 *
 * @param lines how many the input has
 * @throws ConfigError for a file with other content
 */
export async function readOutput(path: string, lines: number): Promise<OutputContent> {
  const [done, failed] = [new LineSet(lines), new LineSet(lines)];
  const sizeBytes = await readAppended(path, {
    parse(text) {
      const result = readResultLine(text);
      return result && result.line <= lines ? result : undefined;
    },
    onEntry({ line, hasFailed }) {
      done.add(line);
      if (hasFailed) failed.add(line);
    },
    foreign: (line) => notOutput(path, line),
  });
  return { done, failed, sizeBytes };
}

function notOutput(path: string, line: number): ConfigError {
  return new ConfigError(
    'bad-output',
    `Line ${line} of ${path} is not what batch writes: remove that line, or name another file with ${settingName('output')}.`,
  );
}
