import { z } from 'zod';
import type { Benchmark, BenchmarkItem } from '../benchmark.ts';
import type { DataFile } from '../data/data-file.ts';

export interface ArenaItem extends BenchmarkItem {
  /** What the baseline, gpt-4-0314, answered. */
  readonly baselineOutput: string;
}

const PLACE = 'https://raw.githubusercontent.com/lmarena/arena-hard-auto/196f6b826783b3da7310e361a805fa36f0be83f3';

export const ARENA_QUESTIONS: DataFile = {
  name: 'arena_hard_v0.1_question.jsonl',
  url: `${PLACE}/data/arena-hard-v0.1/question.jsonl`,
  sha256: '2650242d2883f22b2abd498f273b6a7e02253cce533f5c91a858e1d44aa3002f',
  sizeBytes: 272_075,
  licence: 'Apache-2.0',
};

export const ARENA_BASELINE: DataFile = {
  name: 'arena_hard_v0.1_gpt-4-0314.jsonl',
  url: `${PLACE}/data/arena-hard-v0.1/model_answer/gpt-4-0314.jsonl`,
  sha256: '0f6abc84de4600fde987d9db70f838f4ecdbd27a2f1f4058c12aa322a6f791b2',
  sizeBytes: 1_270_631,
  licence: 'Apache-2.0',
  unconfirmed: "of a copy of the repository's file",
};

const question = z.object({ uid: z.string(), cluster: z.string(), prompt: z.string() });
const baseline = z.object({
  uid: z.string(),
  messages: z.tuple([z.unknown(), z.object({ content: z.object({ answer: z.string() }) })]),
});

export const arenaHard: Benchmark<ArenaItem> = {
  name: 'arena-hard',
  version: 'v0.1',
  title: 'hard prompts of users, compared with the answers of gpt-4-0314',
  itemCount: 500,
  data: [ARENA_QUESTIONS, ARENA_BASELINE],
  form: { name: 'instruction', version: 1, stop: [], maxTokens: 4096 },
  needs: ['judge'],
  async loadItems(source) {
    const questions = z.array(question).parse(await source.readLines(ARENA_QUESTIONS));
    const answers = z.array(baseline).parse(await source.readLines(ARENA_BASELINE));
    const byQuestion = new Map(answers.map(({ uid, messages }) => [uid, messages[1].content.answer]));
    return questions.map(({ uid, cluster, prompt }) => ({
      id: uid,
      messages: [{ role: 'user', content: prompt }],
      followUps: [],
      category: cluster,
      baselineOutput: byQuestion.get(uid)!,
    }));
  },
};
