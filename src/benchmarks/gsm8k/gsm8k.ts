import { z } from 'zod';
import type { Benchmark, BenchmarkItem } from '../benchmark.ts';
import type { DataFile } from '../data/data-file.ts';
import { gradeGsm8k } from '../graders/gsm8k-answer.ts';
import { FEW_SHOT_EXAMPLES } from './few-shot.ts';

export interface Gsm8kItem extends BenchmarkItem {
  /** The worked answer; the number is after `#### `. */
  readonly answer: string;
}

export const GSM8K_TEST: DataFile = {
  name: 'gsm8k_test.jsonl',
  url: 'https://raw.githubusercontent.com/openai/grade-school-math/3101c7d5072418e28b9008a6636bde82a006892c/grade_school_math/data/test.jsonl',
  sha256: '3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14',
  sizeBytes: 749_738,
  licence: 'MIT',
};

const problem = z.object({ question: z.string(), answer: z.string() });

/** The four examples and the question, as lm-eval's task `gsm8k` writes them with `num_fewshot=4` and the sampler `first_n`. */
export function gsm8kPrompt(question: string): string {
  const shots = FEW_SHOT_EXAMPLES.map((shot) => `Question: ${shot.question}\nAnswer: ${shot.answer}`);
  return [...shots, `Question: ${question}\nAnswer:`].join('\n\n');
}

export const gsm8k: Benchmark<Gsm8kItem> = {
  name: 'gsm8k',
  version: '1',
  title: 'grade school mathematics',
  itemCount: 1319,
  data: [GSM8K_TEST],
  form: { name: 'gsm8k-4-shot', version: 1, stop: ['Question:', '</s>', '<|im_end|>'], maxTokens: 256 },
  needs: [],
  async loadItems(source) {
    const problems = z.array(problem).parse(await source.readLines(GSM8K_TEST));
    return problems.map(({ question, answer }, index) => {
      const prompt = gsm8kPrompt(question);
      return {
        id: `gsm8k/${index}`,
        messages: [{ role: 'user', content: prompt }],
        prompt,
        lead: ' ',
        followUps: [],
        answer,
      };
    });
  },
  grader: {
    measures: [
      { name: 'strict', kind: 'share' },
      { name: 'flexible', kind: 'share' },
    ],
    grade({ answer }, response) {
      const { strict, flexible } = gradeGsm8k(answer, response);
      return { strict: Number(strict), flexible: Number(flexible) };
    },
  },
};
