import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import ora from 'ora';
import { measureLogSoftmax } from './log-softmax.ts';
import { machineFacts } from './machine-facts.ts';
import { measureGeneration } from './measure-generation.ts';
import { checkOthers, measureOthers, type Other } from './measure-others.ts';
import { measureSchedules } from './measure-schedules.ts';
import { measureScoring } from './measure-scoring.ts';
import { type BenchPair, openBenchPair } from './pair.ts';
import { PROMPTS } from './prompts.ts';
import { benchmarkPage } from './benchmark-page.ts';
import { printRows } from './print-rows.ts';
import type { Row } from './row.ts';
import { writePage } from './write-page.ts';

const HELP = `npm run bench -- [options]
  --json FILE       write the rows as JSON
  --markdown FILE   write them as a page, such as docs/benchmarks.md
  --threads N       compute threads (2)
  --prompts N       how many of the ${PROMPTS.length} fixed prompts (all)
  --max-tokens N    most tokens the base writes in each response (128)
  --skip NAME       leave a comparison out: llama-server (built once, two minutes), or assisted (installs PyTorch into
                    the cache with uv once, and takes seconds a token: at most 6 prompts of 48 tokens)
Ratios compare two things measured in turn in this one run; medians, with quartiles in brackets.`;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    markdown: { type: 'string' },
    threads: { type: 'string', default: '2' },
    prompts: { type: 'string', default: String(PROMPTS.length) },
    'max-tokens': { type: 'string', default: '128' },
    skip: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const threads = Number(values.threads);
  const skip = checkOthers(values.skip);
  const spinner = ora({ discardStdin: false }).start('Loading the default pair');
  const show = (text: string) => void (spinner.text = text);
  const bench = await openBenchPair(threads);
  const rows: Row[] = [];
  try {
    for await (const measured of measureAll(bench, threads, skip, show)) {
      rows.push(...measured);
      await write(rows, threads);
    }
  } finally {
    spinner.stop();
    printRows(rows);
    await bench.pair.close();
  }
}

/** Group by group: what is measured already is kept if a later group fails. */
async function* measureAll(bench: BenchPair, threads: number, skip: readonly Other[], show: (text: string) => void) {
  const prompts = PROMPTS.slice(0, Number(values.prompts));
  const maxTokens = Number(values['max-tokens']);
  show('Confidences');
  yield [measureLogSoftmax()];
  show('Generation against llama-bench (built once, 10 s)');
  yield [await measureGeneration(bench, threads)];
  show('Scoring against a bare decode');
  yield [await measureScoring(bench, threads)];
  const onPrompt = (done: number) => show(`Schedules: ${done} of ${prompts.length} prompts`);
  yield await measureSchedules(bench.pair, { prompts, maxTokens, onPrompt });
  yield* measureOthers(bench, { prompts, maxTokens, threads, skip, show });
}

async function write(rows: readonly Row[], threads: number): Promise<void> {
  const result = { machine: machineFacts(threads), rows };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  if (values.markdown !== undefined) await writePage(values.markdown, benchmarkPage(result));
}
