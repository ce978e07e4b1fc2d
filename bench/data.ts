// How long preference data takes on its way, and how much memory: npm run bench:data -- [PAIRS] [--keep]
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { seededRandom } from '../src/core/index.ts';
import { checkPairs, importPairs, mixPairs } from '../src/index.ts';

/** Shares of pairs that repeat one of the hundred before, as it is or with another ending. */
const SAME_SHARE = 0.02;
const ALIKE_SHARE = 0.02;
const WORDS = 20_000;

/** What a step takes in a process of its own. */
interface StepResult {
  readonly step: string;
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly outcome: unknown;
}

const STEPS: Readonly<Record<string, (path: (name: string) => string) => Promise<unknown>>> = {
  async import(path) {
    const { pairs, dropped } = await importPairs({
      ...{ inputs: [path('in.jsonl')], output: path('pairs.jsonl'), dimension: 'helpful', licence: 'CC0-1.0' },
    });
    return { pairs, dropped };
  },
  async check(path) {
    const { findings, kept } = await checkPairs({ input: path('pairs.jsonl'), fix: path('fixed.jsonl') });
    return { ...Object.fromEntries(findings.map(({ finding, pairs }) => [finding, pairs])), kept };
  },
  async mix(path) {
    const { files } = await mixPairs({ inputs: [path('fixed.jsonl')], output: path('mixed'), seed: 1 });
    return Object.fromEntries(files.map(({ file, pairs }) => [file, pairs]));
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { step: { type: 'string' }, folder: { type: 'string' } },
});

if (values.step) await runStep(values.step, values.folder!);
else await runAll(Number(positionals[0] ?? 1_000_000));

async function runAll(pairs: number): Promise<void> {
  const folder = await mkdtemp(join(values.folder ?? tmpdir(), 'wellbegun-data-bench-'));
  try {
    await pipeline(Readable.from(inputLines(pairs)), createWriteStream(join(folder, 'in.jsonl')));
    const inputMegabytes = Math.round((await stat(join(folder, 'in.jsonl'))).size / 1e6);
    console.log(JSON.stringify({ pairs, inputMegabytes }));
    for (const step of ['import', 'check', 'mix']) {
      const args = [import.meta.filename, '--step', step, '--folder', folder];
      const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
      console.log(stdout.trimEnd());
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runStep(step: string, folder: string): Promise<void> {
  const startMs = performance.now();
  const outcome = await STEPS[step]!((name) => join(folder, name));
  const seconds = Math.round((performance.now() - startMs) / 100) / 10;
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1000);
  console.log(JSON.stringify({ step, seconds, peakMegabytes, outcome } satisfies StepResult));
}

interface Texts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

function* inputLines(count: number): Generator<string> {
  const random = seededRandom(1);
  const recent: Texts[] = [];
  for (let index = 0; index < count; index++) {
    const earlier = recent[Math.floor(random() * recent.length)];
    const draw = random();
    const texts = nextTexts(draw, earlier, random);
    recent[index % 100] = texts;
    yield `${JSON.stringify(texts)}\n`;
  }
}

function nextTexts(draw: number, earlier: Texts | undefined, random: () => number): Texts {
  if (earlier && draw < SAME_SHARE) return earlier;
  if (earlier && draw < SAME_SHARE + ALIKE_SHARE)
    return { ...earlier, rejected: `${earlier.rejected} ${sentence(4, random)}` };
  return { prompt: sentence(40, random), chosen: sentence(80, random), rejected: sentence(60, random) };
}

/** Words of which few are frequent, as in a language; half to one and a half times as many as said. */
function sentence(words: number, random: () => number): string {
  const length = Math.round(words * (0.5 + random()));
  return `${Array.from({ length }, () => `word${Math.floor(WORDS ** random()).toString(36)}`).join(' ')}.`;
}
