import { quantile } from '../../core/quantile.ts';
import type { DraftRecord, MeasuredTimes } from './draft-record.ts';
import type { Replay } from './replay.ts';

/** What a token costs on this machine: medians over the recorded prompts. */
export interface CostTerms {
  readonly draftPromptMs: number;
  readonly basePromptMs: number;
  readonly draftMsPerToken: number;
  readonly scoreMsPerToken: number;
  readonly baseMsPerToken: number;
}

export function measureCosts(records: readonly DraftRecord[]): CostTerms {
  const median = (value: (times: MeasuredTimes, scored: number) => number) =>
    quantile(
      records.map(({ times, tokens }) => value(times, tokens.length)).filter((ms) => Number.isFinite(ms)),
      0.5,
    );
  return {
    draftPromptMs: median(({ draftPromptMs }) => draftPromptMs),
    basePromptMs: median(({ basePromptMs }) => basePromptMs),
    draftMsPerToken: median(({ draftMs, draftTokens }) => draftMs / draftTokens),
    scoreMsPerToken: median(({ scoreMs }, scored) => scoreMs / scored),
    baseMsPerToken: median(({ baseMs, baseTokens }) => baseMs / baseTokens),
  };
}

/** Base tokens of the whole response: the assumed length, or what was kept if that is more. */
export function lengthOf({ kept }: Replay, responseTokens: number): number {
  return Math.max(kept, responseTokens);
}

/** Time of a response by both models over that of as long a response by the base alone. */
export function timeRatio(replays: readonly Replay[], costs: CostTerms, responseTokens: number): number {
  const { draftPromptMs, basePromptMs, draftMsPerToken, scoreMsPerToken, baseMsPerToken } = costs;
  const together = sum(
    replays.map(
      (one) =>
        draftPromptMs +
        one.drafted * draftMsPerToken +
        basePromptMs +
        one.scored * scoreMsPerToken +
        (lengthOf(one, responseTokens) - one.kept) * baseMsPerToken,
    ),
  );
  const alone = sum(replays.map((one) => basePromptMs + lengthOf(one, responseTokens) * baseMsPerToken));
  return together / alone;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
