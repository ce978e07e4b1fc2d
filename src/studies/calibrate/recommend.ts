import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import type { Calibration, CalibrationRow } from './calibrate.ts';

/** What the user wants of a criterion. */
export interface Aim {
  readonly targetShare?: number | undefined;
  readonly targetTokens?: number | undefined;
  readonly maxTime?: number | undefined;
}

export interface Recommendation {
  readonly row: CalibrationRow | undefined;
  /** Why this one, or why none. One sentence. */
  readonly reason: string;
}

/** @throws ConfigError for two targets */
export function checkAim({ targetShare, targetTokens }: Aim): void {
  if (targetShare === undefined || targetTokens === undefined) return;
  throw new ConfigError(
    'two-aims',
    `${settingName('targetShare')} and ${settingName('targetTokens')} can't be given together: choose one.`,
  );
}

export function recommendationText({ row, reason }: Recommendation): string {
  return row ? `Recommended: --criterion '${row.criterion}'\n(${reason})` : `Nothing to recommend: ${reason}.`;
}

/** Two settings that are as close as this to the aim are equally good: the one that is listed first is taken. */
const SAME = 0.005;

/**
 * The setting that comes closest to the aim. A bound on time alone is used up: the setting within it that is nearest to
 * it, for where drafting is cheap a lower time means less of the base, and where it is dear less of the draft. The
 * ablations (`fixed`, `never`) are never recommended, for they do not look at the response.
 */
export function recommend({ rows, prompts }: Calibration, aim: Aim): Recommendation | undefined {
  const { targetShare, targetTokens, maxTime } = aim;
  if (targetShare === undefined && targetTokens === undefined && maxTime === undefined) return undefined;
  const looking = rows.filter(
    ({ criterion, switched }) => switched > 0 && !/^(?:fixed|never|always)\b/u.test(criterion),
  );
  const inTime = looking.filter(({ timeRatio }) => timeRatio <= (maxTime ?? Infinity));
  if (inTime.length === 0) return { row: undefined, reason: noneReason(looking, maxTime) };
  const distance = (row: CalibrationRow) => {
    if (targetShare !== undefined) return Math.abs(row.draftedShare - targetShare);
    if (targetTokens !== undefined) return missOf(row.keptTokens, targetTokens);
    return maxTime! - row.timeRatio;
  };
  const least = Math.min(...inTime.map(distance));
  const row = inTime.find((candidate) => distance(candidate) <= least + SAME)!;
  return { row, reason: reasonFor(row, aim, prompts) };
}

/** How far the quartiles are from the target on average, in proportion: a median in a wide spread is no good aim. */
function missOf({ lowerQuartile, median, upperQuartile }: CalibrationRow['keptTokens'], target: number): number {
  const misses = [lowerQuartile, median, upperQuartile].map((kept) => Math.abs(kept - target));
  return misses.reduce((sum, miss) => sum + miss, 0) / (misses.length * target);
}

function reasonFor({ draftedShare, keptTokens, timeRatio }: CalibrationRow, aim: Aim, prompts: number): string {
  const share = `a drafted share of ${draftedShare.toFixed(2)}`;
  const { lowerQuartile, median, upperQuartile } = keptTokens;
  const tokens = `a median of ${median} kept tokens, most from ${Math.round(lowerQuartile)} to ${Math.round(upperQuartile)},`;
  const time = `an expected time of ${timeRatio.toFixed(2)}`;
  const bound = aim.maxTime === undefined ? '' : `, within a time of ${aim.maxTime}`;
  if (aim.targetShare !== undefined) return `${share} is nearest to ${aim.targetShare} on ${prompts} prompts${bound}`;
  if (aim.targetTokens !== undefined)
    return `${tokens} is nearest to ${aim.targetTokens} on ${prompts} prompts${bound}`;
  return `${time} is the nearest within ${aim.maxTime ?? 1} on ${prompts} prompts`;
}

function noneReason(looking: readonly CalibrationRow[], maxTime = 1): string {
  const fastest = looking.toSorted((a, b) => a.timeRatio - b.timeRatio)[0];
  if (!fastest) return 'no criterion that looks at the response ever accepted';
  return `none is expected within a time of ${maxTime}; the fastest is ${fastest.criterion} with ${fastest.timeRatio.toFixed(2)}`;
}
