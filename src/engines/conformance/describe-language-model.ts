import { describe } from 'node:test';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';
import { describeGeneration } from './describe-generation.ts';
import { describeLifecycle } from './describe-lifecycle.ts';
import { describeNextTokens } from './describe-next-tokens.ts';
import { describeScores } from './describe-scores.ts';
import { describeTokens } from './describe-tokens.ts';

/** What every engine must keep of `LanguageModel`, as tests for node:test. */
export function describeLanguageModel(name: string, open: OpenModel, fixtures: ConformanceFixtures): void {
  void describe(`${name} is a language model`, () => {
    describeTokens(open, fixtures);
    describeScores(open, fixtures);
    describeGeneration(open, fixtures);
    describeNextTokens(open, fixtures);
    describeLifecycle(open, fixtures);
  });
}
