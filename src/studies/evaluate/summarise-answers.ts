import type { AnswerColumns } from './answer-columns.ts';
import { compareColumns, valuesOf } from './compare-columns.ts';
import type { StrategyReport } from './evaluation-report.ts';
import { mean } from '../../core/mean.ts';
import { meanInterval } from '../../statistics/mean-interval.ts';
import { spreadOf } from '../../statistics/spread.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';

type Figures = Omit<
  StrategyReport,
  'strategy' | 'answers' | 'rewards' | 'grades' | 'unusable' | 'measures' | 'diversity' | 'judging' | 'choseByReward'
>;

/** The first strategy's columns that the others are compared with, line by line. */
export type Reference = Pick<AnswerColumns['columns'], 'msPerToken' | 'reward'>;

/** @param reference undefined for the first strategy itself */
export function summariseAnswers(
  answers: AnswerColumns,
  { hasSwitch, reference }: { readonly hasSwitch: boolean; readonly reference: Reference | undefined },
): Figures {
  const { answered, failed, cut, columns } = answers;
  const repeated = valuesOf(columns.repeatedShare);
  const spread = (column: Float64Array) => spreadOf(valuesOf(column)) ?? null;
  return {
    answered,
    failed,
    switch: hasSwitch ? switchesOf(answers) : null,
    draftedShare: draftedShare(columns),
    responseTokens: spread(columns.tokens),
    cutShare: answered === 0 ? null : cut / answered,
    repeatedShare: repeated.length === 0 ? null : mean(repeated),
    responseMs: spread(columns.totalMs),
    msPerToken: spread(columns.msPerToken),
    timeRatio: reference ? timeRatio(columns.msPerToken, reference.msPerToken) : null,
    firstTokenMs: spread(columns.firstTokenMs),
    reward: rewardOf(columns.reward),
    betterThanFirst: reference ? betterShare(columns.reward, reference.reward) : null,
  };
}

function switchesOf({ answered, reasons, columns }: AnswerColumns): StrategyReport['switch'] {
  const switched = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  return {
    ...reasons,
    none: answered - switched,
    medianIndex: spreadOf(valuesOf(columns.switchIndex))?.median ?? null,
  };
}

function draftedShare({ draftedTokens, tokens }: AnswerColumns['columns']): number | null {
  const [drafted, all] = [draftedTokens, tokens].map((column) => valuesOf(column).reduce((a, b) => a + b, 0));
  return all! > 0 ? drafted! / all! : null;
}

function timeRatio(column: Float64Array, first: Float64Array): StrategyReport['timeRatio'] {
  const ratios = compareColumns(column, first, (time, ofFirst) => time / ofFirst);
  const spread = spreadOf(ratios);
  return spread ? { ...spread, pairs: ratios.length } : null;
}

function rewardOf(column: Float64Array): StrategyReport['reward'] {
  const rewards = valuesOf(column);
  if (rewards.length === 0) return null;
  return { mean: mean(rewards), interval: meanInterval(rewards) ?? null, rewarded: rewards.length };
}

function betterShare(column: Float64Array, first: Float64Array): StrategyReport['betterThanFirst'] {
  const wins = compareColumns(column, first, (reward, ofFirst) =>
    reward > ofFirst ? 1 : reward === ofFirst ? 0.5 : 0,
  );
  if (wins.length === 0) return null;
  const share = mean(wins);
  return { share, interval: wilsonInterval(share * wins.length, wins.length), pairs: wins.length };
}
