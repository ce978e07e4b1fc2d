import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ora from 'ora';
import { gpusOf, openLibrary } from '../src/engines/llama-cpp/index.ts';
import { type ModelSettings, loadPair } from '../src/index.ts';
import { costPage, type MeasuredPair } from './cost/cost-page.ts';
import { measureCosts, toPairCosts } from './cost/measure-costs.ts';
import { measureRatios } from './cost/measure-ratios.ts';
import { machineFacts } from './machine-facts.ts';
import { PROMPTS } from './prompts.ts';
import { modelOfSize, type RandomModelFile } from './random-model/model-of-size.ts';
import { writePage } from './write-page.ts';

/** Pairs with a small, a larger, and about the paper's ratio of costs. */
const PAIRS = ['default', '1b', '3b'] as const;
/** The paper's sizes, for a GPU. */
const PAPER_PAIR = 'paper';
const NAMES = [...PAIRS, PAPER_PAIR] as const;
type PairName = (typeof NAMES)[number];
/** What was measured on a GPU stands beside what was measured on the CPU. */
type PairKey = PairName | `${PairName}-gpu`;
const KEYS: readonly PairKey[] = [...NAMES, ...NAMES.map((name) => `${name}-gpu` as const)];

const HELP = `npm run bench:cost -- [options]
  --docs DIR             where cost-model.md is written (docs)
  --json FILE            all figures, written after each pair (DIR/cost-model.json)
  --pair NAME            measure this pair alone; may be given several times: ${PAIRS.join(', ')}, and
                         ${PAPER_PAIR} if it is named: 3B before 70B. The models 1b, 3b and 70b have random weights,
                         made once in the cache (0.6, 1.7 and 39 GB). What FILE has of others stays
  --k N                  where the base takes over; may be given several times (16, 64)
  --length N             tokens of a response (128)
  --reference-draft N    tokens that the reference schedule drafts (512)
  --prompts N            prompts for each pair and k (3)
  --threads N            compute threads (2)
A quarter of an hour on two cores with the defaults, most of it for 3b. Where llama.cpp finds a GPU it computes there, and
what was measured on the CPU stays beside it.`;

const { values } = parseArgs({
  options: {
    docs: { type: 'string', default: 'docs' },
    json: { type: 'string' },
    pair: { type: 'string', multiple: true },
    k: { type: 'string', multiple: true, default: ['16', '64'] },
    length: { type: 'string', default: '128' },
    'reference-draft': { type: 'string', default: '512' },
    prompts: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

type MeasuredPairs = Partial<Record<PairKey, MeasuredPair>>;

async function main(): Promise<void> {
  const chosen = (values.pair ?? PAIRS).map(checkName);
  const json = values.json ?? join(values.docs, 'cost-model.json');
  const kept: MeasuredPairs = existsSync(json) ? readPairs(json) : {};
  const spinner = ora({ discardStdin: false }).start();
  try {
    for (const name of chosen) {
      const measured = await measurePair(name, (place) => (spinner.text = `${name}: ${place}`));
      kept[keyOf(name)] = measured;
      writeFileSync(json, `${JSON.stringify(kept, null, 2)}\n`);
      const pairs = KEYS.map((each) => kept[each]).filter((each) => each !== undefined);
      await writePage(join(values.docs, 'cost-model.md'), costPage(pairs));
    }
  } finally {
    spinner.stop();
  }
}

function readPairs(json: string): MeasuredPairs {
  return JSON.parse(readFileSync(json, 'utf8')) as MeasuredPairs;
}

function checkName(name: string): PairName {
  const known = NAMES.find((each) => each === name);
  if (known === undefined) throw new Error(`--pair ${name} is none of ${NAMES.join(', ')}.`);
  return known;
}

function keyOf(name: PairName): PairKey {
  return onGpu() ? `${name}-gpu` : name;
}

/** To be asked once a pair was loaded: a build for GPUs is tried before. */
function onGpu(): boolean {
  return gpusOf(openLibrary()).length > 0;
}

async function measurePair(name: PairName, progress: (place: string) => void): Promise<MeasuredPair> {
  progress('loading');
  const threads = Number(values.threads);
  const prompts = PROMPTS.slice(0, Number(values.prompts));
  const { title, settings } = await describePair(name);
  const pair = await loadPair({ ...settings, threads });
  try {
    progress('terms');
    const costs = await measureCosts(pair);
    const rows = await measureRatios(pair, toPairCosts(costs), {
      prompts,
      switches: values.k.map(Number),
      length: Number(values.length),
      referenceDraft: Number(values['reference-draft']),
      progress,
    });
    const place = onGpu() ? ', on a GPU' : '';
    return { name: `${title}${place}`, costs, rows, run: { prompts: prompts.length, ...machineFacts(threads) } };
  } finally {
    await pair.close();
  }
}

async function describePair(name: PairName): Promise<{ title: string; settings: ModelSettings }> {
  if (name === 'default') return { title: 'the default pair', settings: {} };
  if (name === PAPER_PAIR) {
    const [draft, base] = [await modelOfSize('3b'), await modelOfSize('70b')];
    const title = `random weights, ${billions(draft)}B before ${billions(base)}B`;
    return { title, settings: { draft: draft.path, base: base.path, context: 2048 } };
  }
  const base = await modelOfSize(name);
  const title = `SmolLM2-135M before random weights, ${billions(base)}B`;
  return { title, settings: { base: base.path, context: 2048 } };
}

function billions({ parameters }: RandomModelFile): string {
  return (parameters / 1e9).toFixed(1);
}
