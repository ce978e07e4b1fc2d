import type { AlpacaItem } from '../../benchmarks/alpacaeval2/alpacaeval2.ts';
import type { DataFile } from '../../benchmarks/data/data-file.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import type { GamedRow } from '../../benchmarks/graders/length-controlled/gamed-row.ts';
import { lengthControlledWinRate } from '../../benchmarks/graders/length-controlled/length-controlled.ts';
import { readGlmData } from '../../benchmarks/score/read-glm-data.ts';
import { codePoints } from '../../core/code-points.ts';
import { mean } from '../../core/mean.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { JudgeReply } from '../judge.ts';
import type { Game, JudgedAnswer, JudgeProtocol, PooledMeasure } from './judge-protocol.ts';
import { fillPrompt, type JudgePrompt } from './judge-prompt.ts';
import { loadPrompt, type PromptChoice } from './load-prompt.ts';
import { ownPrompt } from './own-prompt.ts';
import { pythonCoin } from './python-coin.ts';

export interface AlpacaOptions extends PromptChoice {
  /** `drawn`: one of both, by the instruction, as alpaca_eval draws it. Default. `both`: twice as many questions, which tell the flip rate. */
  readonly orders?: 'drawn' | 'both' | undefined;
  /** `weighted`: by the probabilities of both names. Default. `label`: by the name that the judge writes, for judges that tell none. */
  readonly verdicts?: 'weighted' | 'label' | undefined;
}

/** Of the repository, whose licence is Apache-2.0; its hash is that of the package on PyPI, version 0.6.6. */
export const ALPACA_JUDGE_PROMPT: DataFile = {
  name: 'alpaca_eval_clf.txt',
  url: 'https://raw.githubusercontent.com/tatsu-lab/alpaca_eval/main/src/alpaca_eval/evaluators_configs/alpaca_eval_clf_gpt4_turbo/alpaca_eval_clf.txt',
  sha256: '784227e6dc2832fc08c43d2c8ea3a308e7523780187a1aaad2f85e30bac85f62',
  sizeBytes: 1398,
  licence: 'Apache-2.0',
};

/** Names of both outputs, each one token; the first shown is `m`. */
const [FIRST, SECOND] = ['m', 'M'];

const OWN = ownPrompt(
  1,
  `You compare two outputs of models for one instruction, and choose the one that a person would rather have. The outputs are called ${FIRST} and ${SECOND}; which is which says nothing. Reply with the name of the better output alone: ${FIRST} or ${SECOND}.`,
  { Instruction: 'instruction', 'Output m': 'output_1', 'Output M': 'output_2' },
);

/** @throws as `loadPrompt` */
export async function alpacaProtocol(
  source: DataSource,
  options: AlpacaOptions = {},
): Promise<JudgeProtocol<AlpacaItem, number>> {
  const published = { file: ALPACA_JUDGE_PROMPT, read: readChatMarkup };
  const { notice = () => undefined } = options;
  const readGamed = (count: number) => readGlmData(count, { data: source, notice });
  return compareByToken(await loadPrompt(source, published, OWN, options), options, readGamed);
}

/** A verdict is the chance that the first output shown is the better one, from 0 to 1. */
function compareByToken(
  prompt: JudgePrompt,
  { orders = 'drawn', verdicts = 'weighted' }: AlpacaOptions,
  readGamed: ReadGamed,
): JudgeProtocol<AlpacaItem, number> {
  const isWeighted = verdicts === 'weighted';
  const ordersOf = (item: AlpacaItem) => (orders === 'both' ? [false, true] : [answerIsFirst(item)]);
  const games = (item: AlpacaItem, chances: readonly (number | undefined)[]): (Game | undefined)[] =>
    ordersOf(item).map((answerFirst, index) => {
      const chance = chances[index];
      return chance === undefined ? undefined : { answerFirst, outcome: answerFirst ? chance : 1 - chance, weight: 1 };
    });
  return {
    name: `alpacaeval2 ${verdicts}${orders === 'both' ? ', both orders' : ''}`,
    version: prompt.version,
    needsLogprobs: isWeighted,
    measures: [{ name: 'win', kind: 'mean' }],
    questions: (item, [answer = '']) =>
      ordersOf(item).map((answerFirst) => {
        const [first, second] = answerFirst ? [answer, item.baselineOutput] : [item.baselineOutput, answer];
        const fields = { instruction: instructionOf(item), output_1: first, output_2: second };
        return {
          messages: fillPrompt(prompt, fields),
          ...(isWeighted ? { maxTokens: 1, temperature: 1, topLogprobs: 5 } : { maxTokens: 5 }),
          parse: isWeighted ? chanceOfFirst : namedFirst,
          reminder: `Reply with ${FIRST} or ${SECOND} alone.`,
        };
      }),
    games,
    grade(item, chances) {
      const outcomes = games(item, chances).flatMap((game) => game?.outcome ?? []);
      return outcomes.length === 0 ? {} : { win: mean(outcomes) };
    },
    baselineLength: ({ baselineOutput }) => codePoints(baselineOutput),
    pooled: (judged) => lengthControlled(judged, readGamed),
    example: {
      item: {
        id: 'example',
        messages: [{ role: 'user', content: 'What is the capital of France?' }],
        followUps: [],
        baselineOutput: 'The capital of France is Paris.',
      },
      answers: ['I like trains.'],
    },
  };
}

type ReadGamed = (instructions: number) => Promise<readonly GamedRow[] | undefined>;

/** Fewer can't be split for the choice of the regression's penalty. */
const FEWEST = 5;

/** By the published regression where its data is here, else by the smaller one, which is named. */
async function lengthControlled(
  judged: readonly JudgedAnswer<AlpacaItem>[],
  readGamed: ReadGamed,
): Promise<PooledMeasure[]> {
  const comparisons = judged.map(({ item, answers: [modelOutput = ''], games }) => ({
    ...{ baselineOutput: item.baselineOutput, modelOutput, instruction: Number(item.id.split('/')[1]) },
    preference: games.length === 0 ? undefined : 1 + mean(games.map(({ outcome }) => outcome)),
  }));
  if (comparisons.filter(({ preference }) => preference !== undefined).length < FEWEST) return [];
  const most = Math.max(...comparisons.map(({ instruction }) => instruction));
  const controlled = lengthControlledWinRate(comparisons, await readGamed(most + 1));
  const [from, to] = controlled.interval();
  const value = controlled.lengthControlledWinRate / 100;
  return [{ measure: { name: controlled.glm, kind: 'share' }, value, interval: [from / 100, to / 100] }];
}

/** As alpaca_eval draws it: the baseline is first where its coin says false. */
export function answerIsFirst(item: AlpacaItem): boolean {
  return pythonCoin(`is_switched_outputs${instructionOf(item)}0`);
}

function instructionOf({ messages }: AlpacaItem): string {
  return messages.at(-1)!.content;
}

/** Undefined where neither name is among the likeliest first tokens; one that is not has no probability. */
export function chanceOfFirst({ likely }: JudgeReply): number | undefined {
  const chanceOf = (name: string) => Math.exp(likely?.[0]?.find(({ token }) => token === name)?.logprob ?? -Infinity);
  const [first, second] = [chanceOf(FIRST), chanceOf(SECOND)];
  return first + second > 0 ? first / (first + second) : undefined;
}

function namedFirst({ text }: JudgeReply): number | undefined {
  const name = text.trim();
  return name === FIRST ? 1 : name === SECOND ? 0 : undefined;
}

/** Messages between `<|im_start|>role` and `<|im_end|>`, without blanks around them. */
function readChatMarkup(text: string): ChatMessage[] {
  return Array.from(
    text.matchAll(/<\|im_start\|>(system|user|assistant)\n(.*?)<\|im_end\|>/gs),
    ([, role, content]) => ({
      role: role as ChatMessage['role'],
      content: content!.trim(),
    }),
  );
}
