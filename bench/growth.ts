import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ora from 'ora';
import type { Pair } from '../src/index.ts';
import { growthPage } from './growth/growth-page.ts';
import type { GrowthOptions } from './growth/growth-options.ts';
import { growthPlot } from './growth/growth-plot.ts';
import { measureConcurrency } from './growth/measure-concurrency.ts';
import { measurePromptLength } from './growth/measure-prompt-length.ts';
import { measureChunk, measureDraftLength, measureWindow } from './growth/measure-settings.ts';
import { measureVocabulary } from './growth/measure-vocabulary.ts';
import type { GrowthSeries, MeasuredSeries } from './growth/series.ts';
import { machineFacts } from './machine-facts.ts';
import { openBenchPair } from './pair.ts';
import { PROMPTS } from './prompts.ts';
import { respond } from './respond.ts';
import { writePage } from './write-page.ts';

/** Series on the default pair, and those that open pairs of their own. */
const ON_THE_PAIR: Readonly<Record<string, (pair: Pair, options: GrowthOptions) => Promise<MeasuredSeries>>> = {
  'prompt-length': measurePromptLength,
  'draft-length': measureDraftLength,
  window: measureWindow,
  chunk: measureChunk,
};
const ON_PAIRS_OF_THEIR_OWN: Readonly<Record<string, (options: GrowthOptions) => Promise<MeasuredSeries>>> = {
  vocabulary: measureVocabulary,
  concurrency: measureConcurrency,
};
const ALL = [...Object.keys(ON_THE_PAIR), ...Object.keys(ON_PAIRS_OF_THEIR_OWN)];

const HELP = `npm run bench:growth -- [options]
  --docs DIR        where growth.md and growth/*.svg are written (docs)
  --json FILE       all figures, written after each series (DIR/growth/growth.json)
  --only NAME       measure this series and keep what FILE has of the others; may be given several times:
                    ${ALL.join(', ')}
  --prompts N       prompts at each place (4)
  --max-tokens N    most tokens the base writes in each response (64)
  --threads N       compute threads (2)
About ten minutes on two cores with the defaults.`;

const { values } = parseArgs({
  options: {
    docs: { type: 'string', default: 'docs' },
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    prompts: { type: 'string', default: '4' },
    'max-tokens': { type: 'string', default: '64' },
    threads: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const chosen = values.only ?? ALL;
  const unknown = chosen.find((name) => !ALL.includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown} is no series: choose from ${ALL.join(', ')}.`);
  const folder = join(values.docs, 'growth');
  const json = values.json ?? join(folder, 'growth.json');
  mkdirSync(folder, { recursive: true });
  const kept = new Map(values.only && existsSync(json) ? readSeries(json).map((each) => [each.name, each]) : []);
  await measureAll(chosen, async (measured) => {
    kept.set(measured.name, measured);
    const series = ALL.map((name) => kept.get(name)).filter((each) => each !== undefined);
    writeFileSync(json, `${JSON.stringify(series, null, 2)}\n`);
    writeFileSync(join(folder, `${measured.name}.svg`), await growthPlot(measured));
    await writePage(join(values.docs, 'growth.md'), growthPage(series));
  });
}

function readSeries(json: string): GrowthSeries[] {
  return JSON.parse(readFileSync(json, 'utf8')) as GrowthSeries[];
}

async function measureAll(names: readonly string[], keep: (series: GrowthSeries) => Promise<void>): Promise<void> {
  const spinner = ora({ discardStdin: false }).start('Loading the default pair');
  const options = (name: string): GrowthOptions => ({
    prompts: PROMPTS.slice(0, Number(values.prompts)),
    maxTokens: Number(values['max-tokens']),
    threads: Number(values.threads),
    progress: (place) => (spinner.text = `${name}: ${place}`),
  });
  try {
    const onThePair = names.filter((name) => name in ON_THE_PAIR);
    if (onThePair.length > 0) {
      const { pair } = await openBenchPair(Number(values.threads));
      await respond(pair, { prompt: 'Hello', maxTokens: 8 });
      for (const name of onThePair) await keep({ ...(await ON_THE_PAIR[name]!(pair, options(name))), run: run() });
      await pair.close();
    }
    for (const name of names) {
      const measure = ON_PAIRS_OF_THEIR_OWN[name];
      if (measure) await keep({ ...(await measure(options(name))), run: run() });
    }
  } finally {
    spinner.stop();
  }
}

/** Beside each series: they may have been measured at different times. */
function run(): GrowthSeries['run'] {
  const settings = { prompts: Number(values.prompts), 'base tokens': Number(values['max-tokens']) };
  return { ...settings, ...machineFacts(Number(values.threads)) };
}
