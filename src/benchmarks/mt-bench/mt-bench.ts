import { z } from 'zod';
import type { Benchmark, BenchmarkItem } from '../benchmark.ts';
import type { DataFile } from '../data/data-file.ts';

export interface MtBenchItem extends BenchmarkItem {
  /** The right answers of both turns, where the judge is shown some. */
  readonly references: readonly string[] | undefined;
}

const PLACE =
  'https://raw.githubusercontent.com/lm-sys/FastChat/587d5cfa1609a43d192cedb8441cac3c17db105d/fastchat/llm_judge/data';

export const MT_BENCH_QUESTIONS: DataFile = {
  name: 'mt_bench_question.jsonl',
  url: `${PLACE}/mt_bench/question.jsonl`,
  sha256: '119565adbab82227089cefdb44c8d7e2cf04dc0a0ec233634c82e7d4e2a944f7',
  sizeBytes: 48_929,
  licence: 'Apache-2.0',
};

export const MT_BENCH_REFERENCES: DataFile = {
  name: 'mt_bench_reference_gpt-4.jsonl',
  url: `${PLACE}/mt_bench/reference_answer/gpt-4.jsonl`,
  sha256: 'f957a5bc977badb66885ec970e6cd08527845780313f0995764260e5777b9b3f',
  sizeBytes: 51_109,
  licence: 'Apache-2.0',
};

export const MT_BENCH_JUDGE_PROMPTS: DataFile = {
  name: 'mt_bench_judge_prompts.jsonl',
  url: `${PLACE}/judge_prompts.jsonl`,
  sha256: 'fd283293406d024f44c174b094ef48031d0687a4682fd3a56b29b138f80281b6',
  sizeBytes: 10_449,
  licence: 'Apache-2.0',
};

/** Of generation, by category; greedy elsewhere. */
const TEMPERATURES: Readonly<Record<string, number>> = { writing: 0.7, roleplay: 0.7, stem: 0.1, humanities: 0.1 };

const question = z.object({
  question_id: z.int(),
  category: z.string(),
  turns: z.tuple([z.string(), z.string()]),
});
const reference = z.object({
  question_id: z.int(),
  choices: z.tuple([z.object({ turns: z.array(z.string()) })]),
});

export const mtBench: Benchmark<MtBenchItem> = {
  name: 'mt-bench',
  version: '1',
  title: 'questions of two turns in eight categories',
  itemCount: 80,
  data: [MT_BENCH_QUESTIONS, MT_BENCH_REFERENCES, MT_BENCH_JUDGE_PROMPTS],
  form: { name: 'two-turns', version: 1, stop: [], maxTokens: 1024 },
  needs: ['judge'],
  async loadItems(source) {
    const questions = z.array(question).parse(await source.readLines(MT_BENCH_QUESTIONS));
    const references = z.array(reference).parse(await source.readLines(MT_BENCH_REFERENCES));
    const byQuestion = new Map(references.map(({ question_id, choices }) => [question_id, choices[0].turns]));
    return questions.map(({ question_id, category, turns: [first, second] }) => ({
      id: String(question_id),
      messages: [{ role: 'user', content: first }],
      followUps: [second],
      temperature: TEMPERATURES[category] ?? 0,
      category,
      references: byQuestion.get(question_id),
    }));
  },
};
