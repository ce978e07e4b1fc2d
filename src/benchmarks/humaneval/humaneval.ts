import { z } from 'zod';
import type { Benchmark, BenchmarkItem } from '../benchmark.ts';
import type { DataFile } from '../data/data-file.ts';
import { codeCompletion } from '../graders/code-completion.ts';

export interface HumanEvalItem extends BenchmarkItem {
  /** Source that the completion continues. */
  readonly source: string;
  /** Source that defines `check(candidate)`. */
  readonly test: string;
  /** The function that is tested. */
  readonly entryPoint: string;
  readonly canonicalSolution: string;
}

export const HUMANEVAL_PROBLEMS: DataFile = {
  name: 'HumanEval.jsonl.gz',
  url: 'https://raw.githubusercontent.com/openai/human-eval/master/data/HumanEval.jsonl.gz',
  sha256: 'b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef',
  sizeBytes: 44_877,
  licence: 'MIT',
};

const problem = z.object({
  task_id: z.string(),
  prompt: z.string(),
  entry_point: z.string(),
  canonical_solution: z.string(),
  test: z.string(),
});

/** What a model that chats is asked, as lm-eval's `humaneval_instruct`, version 4, asks it. */
function request(source: string): string {
  const task = 'Write a solution to the following problem and make sure that it passes the tests:';
  return `${task}\n\`\`\`python\n${source}\n\`\`\`\n`;
}

/** What its answer begins with, so that it goes on where a base does. */
function beginning(source: string): string {
  return `Here is the completed function:\n\`\`\`python\n${source}`;
}

export const humanEval: Benchmark<HumanEvalItem> = {
  name: 'humaneval',
  version: '1',
  title: 'Python functions from their docstrings',
  itemCount: 164,
  data: [HUMANEVAL_PROBLEMS],
  form: {
    name: 'humaneval-completion',
    version: 1,
    stop: ['\nclass', '\ndef', '\n#', '\nif', '\nprint', '```'],
    maxTokens: 1024,
  },
  needs: ['sandbox'],
  async loadItems(source) {
    const problems = z.array(problem).parse(await source.readLines(HUMANEVAL_PROBLEMS));
    return problems.map(({ task_id, prompt, entry_point, canonical_solution, test }) => ({
      id: task_id,
      messages: [
        { role: 'user', content: request(prompt) },
        { role: 'assistant', content: beginning(prompt) },
      ],
      prompt,
      followUps: [],
      source: prompt,
      test,
      entryPoint: entry_point,
      canonicalSolution: canonical_solution,
    }));
  },
  program: ({ source, test, entryPoint }, response) => ({
    prompt: source,
    completion: codeCompletion(response, entryPoint),
    test,
    entryPoint,
  }),
};
