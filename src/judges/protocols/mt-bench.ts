import { z } from 'zod';
import { MT_BENCH_JUDGE_PROMPTS, type MtBenchItem } from '../../benchmarks/mt-bench/mt-bench.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { mean } from '../../core/mean.ts';
import type { JudgeProtocol } from './judge-protocol.ts';
import { fillPrompt, type JudgePrompt } from './judge-prompt.ts';
import { ONE_TO_TEN, readRating } from './read-rating.ts';

const row = z.object({ name: z.string(), system_prompt: z.string(), prompt_template: z.string() });

const TURNS = ['first_turn', 'second_turn'] as const;

/** A rating of each turn, with the right answers where there are some. @throws as `DataSource.read` */
export async function mtBenchProtocol(source: DataSource): Promise<JudgeProtocol<MtBenchItem, number>> {
  const version = `published prompts ${MT_BENCH_JUDGE_PROMPTS.sha256.slice(0, 8)}`;
  const rows = z.array(row).parse(await source.readLines(MT_BENCH_JUDGE_PROMPTS));
  const prompts = new Map(rows.map((each) => [each.name, toPrompt(each, version)]));
  return {
    name: 'mt-bench single',
    version,
    needsLogprobs: false,
    measures: ['rating', ...TURNS].map((name) => ({ name, kind: 'mean' })),
    questions: (item, answers) =>
      answers.slice(0, TURNS.length).map((_, turn) => ({
        messages: fillPrompt(prompts.get(promptName(item, turn))!, fieldsOf(item, answers, turn)),
        maxTokens: 2048,
        parse: ({ text }) => readRating(text),
        reminder: ONE_TO_TEN,
      })),
    grade(_, ratings) {
      const known = TURNS.flatMap((name, turn) =>
        ratings[turn] === undefined ? [] : [[name, ratings[turn]] as const],
      );
      // The benchmark's score is the mean of all turns; an item counts once both are rated.
      const rating = known.length === TURNS.length && { rating: mean(known.map(([, value]) => value)) };
      return { ...rating, ...Object.fromEntries(known) };
    },
    example: {
      item: {
        id: 'example',
        messages: [{ role: 'user', content: 'What is the capital of France?' }],
        followUps: ['And of Italy?'],
        references: undefined,
      },
      answers: ['Paris.', 'Rome.'],
    },
  };
}

function toPrompt({ system_prompt, prompt_template }: z.infer<typeof row>, version: string): JudgePrompt {
  return {
    version,
    messages: [
      { role: 'system', content: system_prompt },
      { role: 'user', content: prompt_template },
    ],
  };
}

function promptName({ references }: MtBenchItem, turn: number): string {
  return `single${references ? '-math' : ''}-v1${turn === 0 ? '' : '-multi-turn'}`;
}

function fieldsOf({ messages, followUps, references }: MtBenchItem, answers: readonly string[], turn: number) {
  const questions = [messages.at(-1)!.content, ...followUps];
  return {
    question: questions[0]!,
    answer: answers[0]!,
    ref_answer_1: references?.[0] ?? '',
    ...(turn > 0 && {
      question_1: questions[0]!,
      question_2: questions[1]!,
      answer_1: answers[0]!,
      answer_2: answers[1]!,
      ref_answer_2: references?.[1] ?? '',
    }),
  };
}
