import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { ending, makePlace, type Place } from '../package/support.ts';

const LINES = 400;
const KILLS = 20;
/** Killing ends here, lest a run ends by itself before it is killed for the last time. */
const LAST_LINES = 25;

/** Every prompt has a text of its own: this base looks at all that comes before. */
const SETTINGS = ['--max-draft', '6', '--max-tokens', '12', '--concurrency', '4'];

interface Result {
  readonly line: number;
  readonly text: string;
}

/** Kills again and again with SIGKILL, and compares what is there at the end with a batch that was let alone. */
suite('a batch that is killed', () => {
  let place: Place;
  let expected: readonly string[];
  before(async () => {
    const all = await makePlace();
    place = {
      ...all,
      start: (args, options) => all.start(args, { ...options, env: { WELLBEGUN_BASE: all.models.attention } }),
    };
    await writeFile(join(place.folder, 'in.jsonl'), inputLines());
    const { code, stderr } = await run(words('calm.jsonl'));
    assert.equal(code, 0, stderr);
    expected = await resultsOf('calm.jsonl');
    assert.equal(expected.length, LINES);
    const texts = new Set(expected.map((line) => line.replace(/^\d+ /, '')));
    assert.ok(texts.size > LINES / 10, `${texts.size} texts tell a mix-up of lines`);
  });
  after(() => place.remove());

  const run = (args: readonly string[]) => {
    const child = place.start(args);
    child.stdin!.end();
    return ending(child);
  };
  const words = (output: string) => ['batch', 'in.jsonl', '-o', output, ...SETTINGS];

  async function resultsOf(output: string): Promise<string[]> {
    const lines = (await readFile(join(place.folder, output), 'utf8')).split('\n');
    assert.equal(lines.pop(), '', 'the last line is whole');
    return lines
      .map((line) => JSON.parse(line) as Result)
      .map(({ line, text }) => `${line} ${text}`)
      .sort();
  }

  const linesIn = async (output: string) =>
    (await readFile(join(place.folder, output), 'utf8').catch(() => '')).split('\n').length - 1;

  /** Starts the batch and kills it: at once, while it loads, or while it writes. */
  async function kill(output: string, random: () => number): Promise<void> {
    const child = place.start(words(output));
    const exited = once(child, 'exit');
    const before = await linesIn(output);
    const wanted = before + Math.floor(random() * 20);
    // A third of them before the first line of this run, wherever it is.
    if (random() < 1 / 3) await pause(1500 * random());
    else {
      while ((await linesIn(output)) <= wanted && child.exitCode === null) await pause(3);
      await pause(20 * random());
    }
    child.kill('SIGKILL');
    await exited;
    if (random() < 1 / 4) await tear(output, random);
  }

  /** What a power cut may do besides: the last bytes never reached the disk. */
  async function tear(output: string, random: () => number): Promise<void> {
    const path = join(place.folder, output);
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    if (size > 0) await truncate(path, Math.max(0, size - 1 - Math.floor(200 * random())));
  }

  test(`${KILLS} times at random points: no line is lost, repeated, or another`, async (context: TestContext) => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);
    context.diagnostic(`SEED=${seed} gives this sequence again, as far as timing allows`);
    const random = randomFrom(seed);
    const points: number[] = [];
    for (let round = 0; round < KILLS; round++) {
      // What is nearly done could end before it is killed.
      if ((await linesIn('killed.jsonl')) > LINES - LAST_LINES) break;
      await kill('killed.jsonl', random);
      points.push(await linesIn('killed.jsonl'));
    }
    context.diagnostic(`killed after ${points.join(', ')} lines`);
    assert.equal(points.length, KILLS);
    const last = await run(words('killed.jsonl'));
    assert.equal(last.code, 0, last.stderr);
    assert.deepEqual(await resultsOf('killed.jsonl'), expected);
  });
});

function inputLines(): string {
  const prompts = Array.from({ length: LINES }, (_, index) => ({ prompt: `Story ${index + 1} of the old grey cat` }));
  return prompts.map((prompt) => `${JSON.stringify(prompt)}\n`).join('');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lehmer's generator. */
function randomFrom(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
