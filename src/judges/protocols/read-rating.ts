import { parseJudgeRating } from '../../benchmarks/graders/judge-rating.ts';

/** `[[7]]`, from 1 to 10. */
export function readRating(text: string): number | undefined {
  const rating = parseJudgeRating(text);
  return rating !== undefined && rating >= 1 && rating <= 10 ? rating : undefined;
}

export const ONE_TO_TEN = 'End with a rating from 1, the worst, to 10, the best, in two brackets, as in [[5]].';
