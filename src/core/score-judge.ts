import type { DraftJudge, JudgedToken } from './draft-judge.ts';
import type { LanguageModel } from './language-model.ts';
import { listStatistics } from './statistics.ts';
import type { SwitchCriterion } from './switch-criterion.ts';

/**
 * Judges a draft by its scores, whatever the engine.
 *
 * @param detector of the criterion. Default: as it begins.
 */
export function scoreJudge(base: LanguageModel, criterion: SwitchCriterion, detector = criterion.start()): DraftJudge {
  const statistics = listStatistics(criterion.needsStatistics).length > 0;
  return {
    async judge(prefix, tokens, { signal } = {}) {
      const ids = tokens.map(({ token }) => token);
      const scores = await base.score(prefix, ids, { statistics, ...(signal && { signal }) });
      const judged: JudgedToken[] = [];
      for (const [i, score] of scores.entries()) {
        const verdict = detector.push({ ...score, bytes: tokens[i]!.bytes });
        judged.push({ verdict, logprob: score.logprob });
        if (verdict.accept) break;
      }
      return judged;
    },
  };
}
