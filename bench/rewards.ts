/**
 * What rewards cost on a decoder with a head: a text read afresh, a response that grows by a word, and ten responses to
 * one conversation, one after the other and together. Its head is all ones: the time does not depend on it.
 *
 * node bench/rewards.ts [--model REF] [--rounds N] [--threads N]
 */
import { parseArgs } from 'node:util';
import {
  type RewardModel,
  chatTemplate,
  defaultThreads,
  openMachine,
  promptedReward,
  pullModel,
} from '../src/index.ts';
import { checkGgufFile, controlCandidates } from '../src/models/index.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'smollm2-135m-instruct' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(defaultThreads()) },
  },
});

const CANDIDATES = 10;
const WORDS = 'the quick brown fox jumps over a lazy dog while it rains and nobody minds at all today'.split(' ');
const words = (count: number, from: number): string =>
  Array.from({ length: count }, (_, i) => WORDS[(i * 7 + from) % WORDS.length]).join(' ');
const messages = (round: number) => [{ role: 'user' as const, content: `${round}: ${words(150, round)}?` }];

const path = await pullModel(values.model);
const machine = await openMachine({ threads: Number(values.threads) });
const model = await open();
const rows: Record<string, number[]> = {};
for (let round = 0; round <= Number(values.rounds); round++) {
  const timed = await measure(model, round);
  // The first round warms up.
  if (round > 0) for (const [name, ms] of Object.entries(timed)) (rows[name] ??= []).push(ms);
}
for (const [name, times] of Object.entries(rows)) console.log(`${name.padEnd(44)} ${median(times).toFixed(1)} ms`);
await model.close();
await machine.lane.close();

async function open(): Promise<RewardModel> {
  const { engine, library, lane } = machine;
  const states = await engine.openHiddenStateModel(library, {
    path,
    id: values.model,
    lane,
    contextLength: 4096,
    gpuLayers: -1,
    repack: false,
    sequences: CANDIDATES,
    controlCandidates: controlCandidates(await checkGgufFile(path)),
  });
  const { chatTemplate: source = '', bosText, addsBos, eosText, controlTexts } = states.info;
  const head = { weight: new Float32Array(states.hiddenSize).fill(1), bias: 0 };
  const form = chatTemplate({ source, owner: values.model, bosText, addsBos, eosText, controlTexts, complete: true });
  return promptedReward(engine.headScorer(states, head), form);
}

async function measure(reward: RewardModel, round: number): Promise<Record<string, number>> {
  const beginning = words(40, round);
  const endings = WORDS.slice(0, CANDIDATES).map((word) => `${beginning} ${word}`);
  const afresh = (offset: number) => messages(1000 * round + offset);
  return {
    'a conversation of about 200 tokens, afresh': await ms(() => reward.reward(afresh(1), beginning)),
    'the same, its response a word longer': await ms(() => reward.reward(afresh(1), `${beginning} today`)),
    'ten next words, one after the other, known': await ms(async () => {
      for (const ending of endings) await reward.reward(afresh(1), ending);
    }),
    'ten next words, together, known': await ms(() => reward.rewards!(afresh(1), endings)),
    'ten responses, one after the other, afresh': await ms(async () => {
      for (const [i] of endings.entries()) await reward.reward(afresh(2), words(40, i));
    }),
    'ten responses, together, afresh': await ms(() =>
      reward.rewards!(
        afresh(3),
        endings.map((_, i) => words(40, i)),
      ),
    ),
  };
}

async function ms(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
}
