import { readFile } from 'node:fs/promises';
import { ConfigError, DownloadError } from '../../core/errors.ts';
import { ALPACA_GAMED } from '../alpacaeval2/alpacaeval2.ts';
import { assertHash } from '../data/data-source.ts';
import type { GamedRow } from '../graders/length-controlled/gamed-row.ts';
import { readGamedRows } from '../graders/length-controlled/read-gamed-rows.ts';
import type { ScoreSettings } from './score.ts';

/**
 * The published rows of gamed baselines: from the file that is named, or else from where data is. Undefined, with a notice,
 * where they are nowhere to be had, or are for fewer instructions than were judged.
 *
 * @throws ConfigError for a named file that can't be read or is another one
 */
export async function readGlmData(
  instructions: number,
  { glmData, data, notice }: ScoreSettings,
): Promise<readonly GamedRow[] | undefined> {
  const rows =
    glmData === undefined ? await readPublished({ data, notice }) : readGamedRows(await readNamed(glmData), glmData);
  const known = new Set(rows?.map(({ index }) => index)).size;
  if (!rows || known >= instructions) return rows;
  notice(`${ALPACA_GAMED.name} knows ${known} instructions, and ${instructions} were judged: ${WITHOUT}`);
  return undefined;
}

const WITHOUT = 'the length-controlled win rate is by length_controlled_minimal, which is not the published one.';

async function readPublished({
  data,
  notice,
}: Pick<ScoreSettings, 'data' | 'notice'>): Promise<GamedRow[] | undefined> {
  try {
    return readGamedRows(await data.readText(ALPACA_GAMED), ALPACA_GAMED.name);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    notice(`${error.message} Until then ${WITHOUT} --glm-data names a copy of ${ALPACA_GAMED.name}.`);
    return undefined;
  }
}

async function readNamed(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const { code = 'unknown reason' } = cause as NodeJS.ErrnoException;
    throw new ConfigError('unreadable-file', `--glm-data: ${path} can't be read (${code}): name another file.`, {
      cause,
    });
  });
  return new TextDecoder().decode(assertHash(bytes, ALPACA_GAMED, path));
}
