// How much memory a batch takes, and how long, on a model that answers at once: node bench/batch-memory.ts LINES WORDS [SEED]
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { shout } from '../test/fixtures/example-batch.ts';
import { answerLines, needsIndex, openOutput, scanInput, selectLines } from '../src/batch/index.ts';

const CONCURRENCY = 256;
const [lines = 100_000, words = 60, shuffleSeed] = process.argv.slice(2).map(Number);
const filling = 'words and '.repeat(words / 2);
const folder = await mkdtemp(join(tmpdir(), 'wellbegun-batch-memory-'));
try {
  const input = join(folder, 'in.jsonl');
  await pipeline(Readable.from(inputLines(lines)), createWriteStream(input));
  const startMs = performance.now();
  const written = await answerAll(input, join(folder, 'out.jsonl'));
  const seconds = (performance.now() - startMs) / 1000;
  const peakMegabytes = process.resourceUsage().maxRSS / 1000;
  const inputMegabytes = (await stat(input)).size / 1e6;
  console.log(JSON.stringify({ lines, written, inputMegabytes, seconds, peakMegabytes }));
} finally {
  await rm(folder, { recursive: true });
}

function* inputLines(count: number): Generator<string> {
  for (let line = 1; line <= count; line++) yield `{"id": ${line}, "prompt": "${filling}${line}"}\n`;
}

async function answerAll(input: string, output: string): Promise<number> {
  const options = { shuffleSeed };
  const scan = await scanInput(input, { indexed: needsIndex(options) });
  const wording = { writer: 'batch', elsewhere: 'name another file' };
  const file = await openOutput({ ...wording, path: output, input, scan, fingerprint: {} });
  const selection = selectLines(input, scan, file, options);
  let written = 0;
  await answerLines({
    lines: selection.lines,
    answer: shout,
    toRecord: ({ text, usage }) => ({ text, usage }),
    output: file,
    concurrency: CONCURRENCY,
    signal: new AbortController().signal,
    onResult() {
      written++;
    },
  });
  await file.close();
  return written;
}
