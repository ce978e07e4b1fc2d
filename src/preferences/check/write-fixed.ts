import { writeLines } from '../output-file.ts';
import type { PairFile } from '../pair-file.ts';
import type { CheckReport } from './check-report.ts';
import type { Examination } from './examination.ts';

/** Longer lines get a buffer of their own. */
const ROOM_BYTES = 256 * 1024;

export interface FixOptions {
  readonly input: string;
  readonly fix: string;
  readonly removed: string;
  readonly signal?: AbortSignal | undefined;
}

/** Writes the lines of pairs that nothing removes, as they are, and a list of the other ones. */
export async function writeFixed(
  file: PairFile,
  examination: Examination,
  { input, fix, removed, signal }: FixOptions,
): Promise<CheckReport['fixed']> {
  const inputs = [input, file.path];
  const room = Buffer.allocUnsafe(ROOM_BYTES);
  const written = await writeLines(removed, { setting: 'removed', inputs: [...inputs, fix] }, (list) =>
    writeLines(fix, { setting: 'fix', inputs }, async (kept) => {
      for (let index = 0; index < file.length; index++) {
        signal?.throwIfAborted();
        if (examination.isRemoved(index)) await list.write(`${JSON.stringify(removal(examination, index))}\n`);
        else await kept.write(await file.lineAt(index, room));
      }
    }),
  );
  return { file: fix, ...written.outcome.file };
}

function removal(examination: Examination, index: number) {
  return {
    line: examination.lineOf(index),
    findings: examination.findingsOf(index),
    otherLine: examination.otherLineOf(index),
    item: examination.itemOf(index),
  };
}
