import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import ora from 'ora';
import { openLibrary } from '../src/engines/llama-cpp/native/llama-library.ts';
import { measureLogSoftmax } from './log-softmax.ts';
import { measureGeneration } from './measure-generation.ts';
import { measureSchedules } from './measure-schedules.ts';
import { measureScoring } from './measure-scoring.ts';
import { openBenchPair } from './pair.ts';
import { PROMPTS } from './prompts.ts';
import { benchmarkPage } from './benchmark-page.ts';
import { printRows } from './print-rows.ts';
import type { Row } from './row.ts';

const HELP = `npm run bench -- [options]
  --json FILE       write the rows as JSON
  --markdown FILE   write them as a page, such as docs/benchmarks.md
  --threads N       compute threads (2)
  --prompts N       how many of the ${PROMPTS.length} fixed prompts (all)
  --max-tokens N    most tokens the base writes in each response (128)
Ratios compare two things measured in turn in this one run; medians, with quartiles in brackets.`;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    markdown: { type: 'string' },
    threads: { type: 'string', default: '2' },
    prompts: { type: 'string', default: String(PROMPTS.length) },
    'max-tokens': { type: 'string', default: '128' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const threads = Number(values.threads);
  const prompts = PROMPTS.slice(0, Number(values.prompts));
  const spinner = ora({ discardStdin: false }).start('Loading the default pair');
  const bench = await openBenchPair(threads);
  spinner.text = 'Confidences';
  const rows: Row[] = [measureLogSoftmax()];
  spinner.text = 'Generation against llama-bench (built once, 10 s)';
  rows.push(await measureGeneration(bench, threads));
  spinner.text = 'Scoring against a bare decode';
  rows.push(await measureScoring(bench, threads));
  const onPrompt = (done: number) => (spinner.text = `Schedules: ${done} of ${prompts.length} prompts`);
  rows.push(...(await measureSchedules(bench.pair, { prompts, maxTokens: Number(values['max-tokens']), onPrompt })));
  spinner.stop();
  await bench.pair.close();
  printRows(rows);
  const result = { machine: machine(threads), rows };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  if (values.markdown !== undefined) writeFileSync(values.markdown, benchmarkPage(result));
}

function machine(threads: number) {
  const { model } = cpus()[0]!;
  const library = openLibrary();
  return {
    processor: model,
    cores: cpus().length,
    threads,
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    llamaCpp: library.version(),
    date: new Date().toISOString(),
  };
}
