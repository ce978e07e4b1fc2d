import { parseArgs } from 'node:util';
import ora from 'ora';
import { type ChunkSchedule, FIRST_CHUNK, USUAL_CHUNK, mean } from '../src/core/index.ts';
import { BATCH_ROWS } from '../src/engines/llama-cpp/index.ts';
import { type Pair, loadPair } from '../src/index.ts';
import { type RecordedDraft, recordWholeDraft } from './chunks/recorded-draft.ts';
import { clairvoyantSchedule, type Replayed, replaySchedule } from './chunks/replay-schedule.ts';
import type { PairCosts } from './cost/cost-model.ts';
import { measureCosts, toPairCosts } from './cost/measure-costs.ts';
import { PROMPTS } from './prompts.ts';

const HELP = `npm run bench:chunks -- [options]
  --prompts N      how many of the ${PROMPTS.length} fixed prompts (all)
  --max-draft N    most drafted tokens (320)
  --first N        size of the first chunk; may be given several times (8, 12, 16)
  --further N      size of each further chunk; may be given several times (12, 16, 20, 24, 32)
  --threads N      compute threads (2)
Drafts and scores each prompt once, then replays every schedule on that with the costs measured on this machine.
"clairvoyant" knows where the switch is. Three minutes on two cores.`;

const { values } = parseArgs({
  options: {
    prompts: { type: 'string', default: String(PROMPTS.length) },
    'max-draft': { type: 'string', default: '320' },
    first: { type: 'string', multiple: true, default: ['8', '12', '16'] },
    further: { type: 'string', multiple: true, default: ['12', '16', '20', '24', '32'] },
    threads: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

interface Named {
  readonly name: string;
  readonly scheduleOf: (draft: RecordedDraft) => ChunkSchedule | Promise<ChunkSchedule>;
}

async function main(): Promise<void> {
  const spinner = ora({ discardStdin: false }).start('Loading the default pair');
  const pair = await loadPair({ threads: Number(values.threads) });
  try {
    spinner.text = 'Costs';
    const costs = toPairCosts(await measureCosts(pair));
    const drafts: RecordedDraft[] = [];
    for (const prompt of PROMPTS.slice(0, Number(values.prompts))) {
      spinner.text = `Drafts: ${drafts.length + 1} of ${values.prompts}`;
      drafts.push(await recordWholeDraft(pair, prompt, Number(values['max-draft'])));
    }
    spinner.text = 'Replaying';
    const usual = await replayAll(pair, drafts, fixed(FIRST_CHUNK, USUAL_CHUNK), costs);
    const rows: object[] = [];
    for (const schedule of schedules(pair)) {
      rows.push(row(schedule.name, await replayAll(pair, drafts, schedule, costs), usual, drafts, costs));
    }
    spinner.stop();
    console.log(`draft ${costs.draftMsPerToken.toFixed(1)} ms a token, base ${costs.baseMsPerToken.toFixed(1)} ms`);
    console.table(rows);
  } finally {
    spinner.stop();
    await pair.close();
  }
}

function fixed(first: number, further: number): Named {
  return { name: `${first}, then ${further}`, scheduleOf: () => (drafted) => (drafted === 0 ? first : further) };
}

function schedules(pair: Pair): Named[] {
  const all = values.first.flatMap((first) => values.further.map((further) => fixed(Number(first), Number(further))));
  const clairvoyant = (draft: RecordedDraft) => clairvoyantSchedule(pair.base, draft, BATCH_ROWS);
  return [...all, { name: 'clairvoyant', scheduleOf: clairvoyant }];
}

async function replayAll(
  { base }: Pair,
  drafts: readonly RecordedDraft[],
  { scheduleOf }: Named,
  costs: PairCosts,
): Promise<Replayed[]> {
  const replayed: Replayed[] = [];
  for (const draft of drafts) replayed.push(await replaySchedule(base, draft, await scheduleOf(draft), costs));
  return replayed;
}

function row(
  name: string,
  replayed: readonly Replayed[],
  usual: readonly Replayed[],
  drafts: readonly RecordedDraft[],
  { baseMsPerToken }: PairCosts,
) {
  const msPerKept = sum(replayed.map(({ ms }) => ms)) / sum(drafts.map(({ kept }) => kept));
  return {
    'chunks, tokens': name,
    'ms a kept token': msPerKept.toFixed(2),
    'of a base token': (msPerKept / baseMsPerToken).toFixed(3),
    'of the usual chunks': mean(replayed.map(({ ms }, i) => ms / usual[i]!.ms)).toFixed(3),
    'scored in vain': sum(replayed.map(({ scored }, i) => scored - drafts[i]!.kept)),
    scorings: sum(replayed.map(({ scorings }) => scorings)),
    'first token, ms': mean(replayed.map(({ firstMs }) => firstMs)).toFixed(0),
  };
}

function sum(all: readonly number[]): number {
  return all.reduce((before, value) => before + value, 0);
}
