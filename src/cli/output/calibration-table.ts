import type { Calibration, CalibrationRow } from '../../studies/calibrate/calibrate.ts';
import { alignColumns } from './align-columns.ts';

const HEAD = ['criterion', 'switched', 'k', 'quartiles', 'share', 'time'];

/** What each criterion would do, a line each, and what the times are made of. */
export function calibrationTable({ rows, prompts, responseTokens, costs, leftOut }: Calibration): string {
  const ms = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} ms` : 'unknown');
  const lines = [
    alignColumns([HEAD, ...rows.map((row) => cells(row, prompts))]),
    '',
    `k: kept draft tokens, median over ${prompts} prompts; share: drafted, of ${responseTokens} tokens;`,
    'time: expected, over that of the base alone. Measured here, for a token:',
    `drafting ${ms(costs.draftMsPerToken)}, scoring ${ms(costs.scoreMsPerToken)}, the base's own ${ms(costs.baseMsPerToken)};`,
    `for a prompt: the draft ${ms(costs.draftPromptMs)}, the base ${ms(costs.basePromptMs)}.`,
  ];
  if (leftOut.length > 0) lines.push(`Left out, for the record lacks what they need: ${leftOut.join('; ')}.`);
  return lines.join('\n');
}

function cells(
  { criterion, switched, keptTokens, draftedShare, timeRatio }: CalibrationRow,
  prompts: number,
): string[] {
  const { lowerQuartile, median, upperQuartile } = keptTokens;
  return [
    criterion,
    `${switched}/${prompts}`,
    whole(median),
    `${whole(lowerQuartile)}-${whole(upperQuartile)}`,
    draftedShare.toFixed(2),
    Number.isFinite(timeRatio) ? timeRatio.toFixed(2) : '',
  ];
}

function whole(tokens: number): string {
  return String(Math.round(tokens));
}
