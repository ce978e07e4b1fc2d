import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ora from 'ora';
import { format } from 'prettier';
import type { Pair } from '../src/runtime/load-pair.ts';
import { growthPage } from './growth/growth-page.ts';
import type { GrowthOptions } from './growth/growth-options.ts';
import { growthPlot } from './growth/growth-plot.ts';
import { measureConcurrency } from './growth/measure-concurrency.ts';
import { measurePromptLength } from './growth/measure-prompt-length.ts';
import { measureChunk, measureDraftLength, measureWindow } from './growth/measure-settings.ts';
import { measureVocabulary } from './growth/measure-vocabulary.ts';
import type { GrowthSeries } from './growth/series.ts';
import { machineFacts } from './machine-facts.ts';
import { openBenchPair } from './pair.ts';
import { PROMPTS } from './prompts.ts';
import { respond } from './respond.ts';

/** Series on the default pair, and those that open pairs of their own. */
const ON_THE_PAIR: Readonly<Record<string, (pair: Pair, options: GrowthOptions) => Promise<GrowthSeries>>> = {
  'prompt-length': measurePromptLength,
  'draft-length': measureDraftLength,
  window: measureWindow,
  chunk: measureChunk,
};
const ON_PAIRS_OF_THEIR_OWN: Readonly<Record<string, (options: GrowthOptions) => Promise<GrowthSeries>>> = {
  vocabulary: measureVocabulary,
  concurrency: measureConcurrency,
};
const ALL = [...Object.keys(ON_THE_PAIR), ...Object.keys(ON_PAIRS_OF_THEIR_OWN)];

const HELP = `npm run bench:growth -- [options]
  --docs DIR        where growth.md and growth/*.svg are written (docs)
  --json FILE       write all figures as JSON
  --only NAME       one series only, shown and not written into DIR; may be given several times: ${ALL.join(', ')}
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
  const series = await measureAll(chosen);
  const settings = { prompts: Number(values.prompts), maxTokens: Number(values['max-tokens']) };
  const result = { machine: machineFacts(Number(values.threads)), settings, series };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  const page = await format(growthPage(result), { parser: 'markdown' });
  if (values.only) return console.log(page);
  mkdirSync(join(values.docs, 'growth'), { recursive: true });
  for (const each of series) writeFileSync(join(values.docs, 'growth', `${each.name}.svg`), await growthPlot(each));
  writeFileSync(join(values.docs, 'growth.md'), page);
}

async function measureAll(names: readonly string[]): Promise<GrowthSeries[]> {
  const spinner = ora({ discardStdin: false }).start('Loading the default pair');
  const threads = Number(values.threads);
  const options = (name: string): GrowthOptions => ({
    prompts: PROMPTS.slice(0, Number(values.prompts)),
    maxTokens: Number(values['max-tokens']),
    threads,
    progress: (place) => (spinner.text = `${name}: ${place}`),
  });
  try {
    const series: GrowthSeries[] = [];
    const { pair } = await openBenchPair(threads);
    await respond(pair, { prompt: 'Hello', maxTokens: 8 });
    for (const name of names) {
      const measure = ON_THE_PAIR[name];
      if (measure) series.push(await measure(pair, options(name)));
    }
    await pair.close();
    for (const name of names) {
      const measure = ON_PAIRS_OF_THEIR_OWN[name];
      if (measure) series.push(await measure(options(name)));
    }
    return series;
  } finally {
    spinner.stop();
  }
}
