import { type Quartiles, quartilesOf } from '../../core/quartiles.ts';
import type { Candidate } from './candidates.ts';
import { type CostTerms, lengthOf, measureCosts, timeRatio } from './cost-model.ts';
import type { DraftRecord } from './draft-record.ts';
import { canReplay, replay } from './replay.ts';

/** What a criterion would do on the recorded prompts. Token counts are in the base's vocabulary. */
export interface CalibrationRow {
  readonly criterion: string;
  readonly family?: { readonly form: string; readonly value: number };
  /** Responses in which it accepts; in the others the whole draft is kept. */
  readonly switched: number;
  /** k: kept tokens, the whole drafts included. */
  readonly keptTokens: Quartiles;
  /** Kept tokens over all tokens of responses of the assumed length. */
  readonly draftedShare: number;
  /** Expected time over that of the base alone; below 1 is faster. */
  readonly timeRatio: number;
}

export interface Calibration {
  readonly prompts: number;
  /** Base tokens that a response is assumed to have. */
  readonly responseTokens: number;
  readonly costs: CostTerms;
  readonly rows: readonly CalibrationRow[];
  /** Criteria that need what the record does not have. */
  readonly leftOut: readonly string[];
}

/** Replays every candidate on every recorded draft. */
export function calibrate(
  records: readonly DraftRecord[],
  candidates: readonly Candidate[],
  { responseTokens }: { readonly responseTokens: number },
): Calibration {
  const costs = measureCosts(records);
  const able = candidates.filter(({ criterion }) => records.every((record) => canReplay(criterion, record)));
  return {
    prompts: records.length,
    responseTokens,
    costs,
    rows: able.map((candidate) => toRow(candidate, records, costs, responseTokens)),
    leftOut: candidates.filter((candidate) => !able.includes(candidate)).map(({ criterion }) => criterion.name),
  };
}

function toRow(
  { criterion, family }: Candidate,
  records: readonly DraftRecord[],
  costs: CostTerms,
  responseTokens: number,
): CalibrationRow {
  const replays = records.map((record) => replay(criterion, record));
  const kept = replays.map((one) => one.kept);
  const all = replays.reduce((sum, one) => sum + lengthOf(one, responseTokens), 0);
  return {
    criterion: criterion.name,
    ...(family && { family }),
    switched: replays.filter(({ switched }) => switched).length,
    keptTokens: quartilesOf(kept),
    draftedShare: kept.reduce((sum, count) => sum + count, 0) / all,
    timeRatio: timeRatio(replays, costs, responseTokens),
  };
}
