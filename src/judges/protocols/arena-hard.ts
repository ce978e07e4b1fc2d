import type { ArenaItem } from '../../benchmarks/arena-hard/arena-hard.ts';
import type { DataFile } from '../../benchmarks/data/data-file.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { arenaInterval, arenaWinRate, toArenaBattle } from '../../benchmarks/graders/arena-battle.ts';
import { ARENA_VERDICTS, type ArenaVerdict, parseArenaVerdict } from '../../benchmarks/graders/arena-verdict.ts';
import { codePoints } from '../../core/code-points.ts';
import { mean } from '../../core/mean.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { Game, JudgedAnswer, JudgeProtocol, PooledMeasure } from './judge-protocol.ts';
import { fillPrompt } from './judge-prompt.ts';
import { loadPrompt, type PromptChoice } from './load-prompt.ts';
import { ownPrompt } from './own-prompt.ts';

/** Of v0.1. */
export const ARENA_JUDGE_PROMPT: DataFile = {
  name: 'arena_hard_v0.1_judge_config.yaml',
  url: 'https://raw.githubusercontent.com/lmarena/arena-hard-auto/7f1b7f5dd6ce53e1f8530220ceb452b7019a8056/config/judge_config.yaml',
  sha256: '8f6e2a641676ae1453ae6be149b549d92b739564a23a8db27b86c50999fa607e',
  sizeBytes: 2370,
  licence: 'Apache-2.0',
  unconfirmed: "of a copy of the repository's file",
};

const LABELS = `[[A>>B]] where A is much better, [[A>B]] where it is a little better, [[A=B]] where both are about as good, [[B>A]] or [[B>>A]] where B is`;

const OWN = ownPrompt(
  1,
  `You compare two answers, A and B, to what a user asks. First answer it yourself. Then compare both answers with yours: which mistakes they make, how well they do what was asked, whether they leave out what matters or say what nobody needs. Neither their order nor their length counts by itself. End with your verdict, one of these labels and no other: ${LABELS}.`,
  { Prompt: 'question_1', 'Answer A': 'answer_1', 'Answer B': 'answer_2' },
);

/** The baseline is A in the first game, and B in the second. */
const ANSWER_FIRST = [false, true];

/** @throws as `loadPrompt` */
export async function arenaProtocol(
  source: DataSource,
  options: PromptChoice = {},
): Promise<JudgeProtocol<ArenaItem, ArenaVerdict>> {
  const prompt = await loadPrompt(source, { file: ARENA_JUDGE_PROMPT, read: readArenaPrompt }, OWN, options);
  return {
    name: 'arena-hard v0.1',
    version: prompt.version,
    needsLogprobs: false,
    measures: [{ name: 'win', kind: 'mean' }],
    questions: (item, [answer = '']) =>
      ANSWER_FIRST.map((answerFirst) => {
        const [first, second] = answerFirst ? [answer, item.baselineOutput] : [item.baselineOutput, answer];
        const fields = { question_1: item.messages.at(-1)!.content, answer_1: first, answer_2: second };
        return {
          messages: fillPrompt(prompt, fields),
          maxTokens: 4096,
          parse: ({ text }) => parseArenaVerdict(text),
          reminder: `Go on, and end with your verdict as one of the labels ${ARENA_VERDICTS.map((label) => `[[${label}]]`).join(', ')}.`,
        };
      }),
    games: (_, verdicts) => toGames(verdicts),
    grade(_, verdicts) {
      const outcomes = toGames(verdicts).flatMap((game) => game?.outcome ?? []);
      return outcomes.length === 0 ? {} : { win: mean(outcomes) };
    },
    baselineLength: ({ baselineOutput }) => codePoints(baselineOutput),
    pooled: (judged) => Promise.resolve(weightedWinRate(judged)),
    example: {
      item: {
        id: 'example',
        messages: [{ role: 'user', content: 'What is 7 times 8?' }],
        followUps: [],
        baselineOutput: '7 times 8 is 56.',
      },
      answers: ['7 times 8 is 15.'],
    },
  };
}

/** The benchmark's score: a verdict with `>>` counts thrice. */
function weightedWinRate(judged: readonly JudgedAnswer<ArenaItem>[]): PooledMeasure[] {
  const questions = [...Map.groupBy(judged, ({ item }) => item.id).values()].map((same) =>
    same.flatMap(({ games }) => games),
  );
  const all = questions.flat();
  if (all.length === 0) return [];
  const measure = { name: 'win_weighted', kind: 'share' } as const;
  return [{ measure, value: arenaWinRate(all), interval: arenaInterval(questions) }];
}

function toGames(verdicts: readonly (ArenaVerdict | undefined)[]): (Game | undefined)[] {
  return ANSWER_FIRST.map((answerFirst, index) => {
    const verdict = verdicts[index];
    return verdict === undefined ? undefined : { answerFirst, ...toArenaBattle(verdict, answerFirst) };
  });
}

/** Both texts stand on lines of their own, in the quotes of JSON. */
export function readArenaPrompt(text: string): ChatMessage[] {
  const valueOf = (name: string) => JSON.parse(new RegExp(`^${name}: (.*)$`, 'm').exec(text)![1]!) as unknown;
  const [template] = valueOf('prompt_template') as [string];
  return [
    { role: 'system', content: valueOf('system_prompt') as string },
    { role: 'user', content: template },
  ];
}
