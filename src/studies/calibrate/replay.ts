import { listStatistics } from '../../core/statistics.ts';
import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import type { DraftRecord } from './draft-record.ts';

/** What a criterion would have made of a recorded draft. */
export interface Replay {
  /** False: the criterion never accepted, and the whole draft is kept. */
  readonly switched: boolean;
  /** k: base tokens kept of the draft. */
  readonly kept: number;
  /** Draft tokens written by then, in the chunks of the recording; another run may choose other sizes by its times. */
  readonly drafted: number;
  /** Base tokens scored by then, those past the switch included; in the same chunks. */
  readonly scored: number;
}

/** Feeds a recorded draft to a criterion. Nothing is decoded. */
export function replay(criterion: SwitchCriterion, { tokens, times }: DraftRecord): Replay {
  const detector = criterion.start();
  const index = tokens.findIndex((token) => detector.push(token).accept);
  if (index < 0) {
    return { switched: false, kept: tokens.length, drafted: times.draftTokens, scored: tokens.length };
  }
  const { drafted } = tokens[index]!;
  const scored = tokens.findLastIndex((token) => token.drafted === drafted) + 1;
  return { switched: true, kept: index + 1, drafted, scored };
}

/** Whether the record holds what the criterion needs. */
export function canReplay(criterion: SwitchCriterion, { tokens }: DraftRecord): boolean {
  return tokens.every(
    (token) =>
      listStatistics(criterion.needsStatistics).every((statistic) => token[statistic] !== undefined) &&
      (!criterion.needsDraftLogprobs || token.draftLogprob !== undefined),
  );
}
