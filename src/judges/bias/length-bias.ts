import { correlation } from '../../statistics/correlation.ts';
import type { Game } from '../protocols/judge-protocol.ts';
import { answerWins, isDecided } from './flip-rate.ts';

/** A game and how long its answers were, in Unicode code points. */
export interface MeasuredGame {
  readonly game: Game;
  readonly answerLength: number;
  readonly baselineLength: number;
}

export interface LengthBias {
  /** Games. */
  readonly n: number;
  /** Pearson's, of the outcome and the difference of lengths, from −1 to 1; undefined where one of them does not vary. */
  readonly correlation: number | undefined;
  /** The share of games that the longer answer wins, without ties and answers of one length; undefined where there are none. */
  readonly longerWins: number | undefined;
}

/** How a judge's verdicts go with length. Longer answers may also be better: this tells what to look at, not why. */
export function lengthBias(games: readonly MeasuredGame[]): LengthBias {
  const differences = games.map(({ answerLength, baselineLength }) => answerLength - baselineLength);
  const outcomes = games.map(({ game }) => game.outcome);
  const decided = games.filter(({ game }, index) => isDecided(game) && differences[index] !== 0);
  const longerWon = decided.filter(
    ({ game, answerLength, baselineLength }) => answerWins(game) === answerLength > baselineLength,
  );
  return {
    n: games.length,
    correlation: games.length < 2 ? undefined : correlation(differences, outcomes),
    longerWins: decided.length === 0 ? undefined : longerWon.length / decided.length,
  };
}
