import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import type { GamedRow } from './gamed-row.ts';

const number = z.string().regex(/\d/).transform(Number).pipe(z.number());

const gamedRow = z.object({
  index: number.pipe(z.int().min(0)),
  instruction_difficulty: number,
  std_delta_len: number,
  preference: z.union([z.enum(['', 'nan', 'NaN']).transform(() => undefined), number]),
  not_gamed_baseline: z.enum(['False', 'True']),
});

/**
 * The rows of `df_gamed.csv`; its other columns are not needed.
 *
 * @throws ConfigError that names the line
 */
export function readGamedRows(csv: string, path: string): GamedRow[] {
  const records = parse(csv, { columns: true, bom: true, info: true, skip_empty_lines: true }) as unknown as {
    readonly record: unknown;
    readonly info: { readonly lines: number };
  }[];
  return records.map(({ record, info }) => {
    const parsed = gamedRow.safeParse(record);
    if (!parsed.success)
      throw new ConfigError(
        'bad-glm-data',
        `${path}, line ${info.lines}: this is no row of df_gamed.csv (${z.prettifyError(parsed.error)}).`,
      );
    const { index, instruction_difficulty, std_delta_len, preference, not_gamed_baseline } = parsed.data;
    return {
      index,
      difficulty: instruction_difficulty,
      standardisedLength: std_delta_len,
      preference,
      isGamed: not_gamed_baseline === 'False',
    };
  });
}
