import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { makePlace, type Place } from '../package/support.ts';

const LINES = 500;
const KILLS = 20;
/** So many kills must find a batch that is under way. */
const REAL_KILLS = 10;
/** When so few lines are left, runs are killed while they load, lest too many end by themselves. */
const LAST_LINES = 60;

interface Result {
  readonly custom_id: string;
  readonly response: { readonly body: { readonly choices: [{ readonly message: { readonly content: string } }] } };
}

/** Kills again and again with SIGKILL, and compares what is there at the end with a batch that was let alone. */
suite('a batch that is killed', () => {
  let place: Place;
  let expected: readonly string[];
  before(async () => {
    place = await makePlace();
    await writeFile(join(place.folder, 'in.jsonl'), inputLines());
    const { code, stderr } = await place.run(words('calm.jsonl'));
    assert.equal(code, 0, stderr);
    expected = await resultsOf('calm.jsonl');
    assert.equal(expected.length, LINES);
    const texts = new Set(expected.map((line) => line.replace(/^\d+ /, '')));
    assert.ok(texts.size > 15, `${texts.size} texts tell a mix-up of lines`);
  });
  after(() => place.remove());

  const words = (output: string) => ['batch', 'in.jsonl', '-o', output, '--concurrency', '4'];

  async function resultsOf(output: string): Promise<string[]> {
    const lines = (await readFile(join(place.folder, output), 'utf8')).split('\n');
    assert.equal(lines.pop(), '', 'the last line is whole');
    return lines
      .map((line) => JSON.parse(line) as Result)
      .map(({ custom_id, response }) => `${custom_id} ${response.body.choices[0].message.content}`)
      .sort();
  }

  const linesIn = async (output: string) =>
    (await readFile(join(place.folder, output), 'utf8').catch(() => '')).split('\n').length - 1;

  /**
   * Starts the batch and kills it: at once, while it loads, or while it writes.
   *
   * @returns false where it was done before the kill
   */
  async function kill(output: string, random: () => number): Promise<boolean> {
    const child = place.start(words(output));
    const exited = once(child, 'exit');
    const before = await linesIn(output);
    const wanted = before + Math.floor(random() * 15);
    if (before > LINES - LAST_LINES) await pause(300 * random());
    else if (random() < 1 / 3) {
      // A fast machine may be nearly through by then.
      const timeMs = performance.now() + 1500 * random();
      while (performance.now() < timeMs && (await linesIn(output)) <= LINES - LAST_LINES) await pause(3);
    } else {
      while ((await linesIn(output)) <= wanted && child.exitCode === null) await pause(3);
      await pause(20 * random());
    }
    child.kill('SIGKILL');
    const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
    assert.ok(code === 0 || signal === 'SIGKILL', `ended with ${signal ?? `code ${code}`}`);
    if (random() < 1 / 4) await tear(output, random);
    return signal === 'SIGKILL';
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
    let killed = 0;
    for (let round = 0; round < KILLS; round++) {
      if (await kill('killed.jsonl', random)) killed++;
      points.push(await linesIn('killed.jsonl'));
    }
    context.diagnostic(`${killed} killed, after ${points.join(', ')} lines`);
    assert.ok(killed >= REAL_KILLS, `only ${killed} of ${KILLS} runs were killed before their end`);
    const last = await place.run(words('killed.jsonl'));
    assert.equal(last.code, 0, last.stderr);
    assert.deepEqual(await resultsOf('killed.jsonl'), expected);
  });
});

/** Responses of many lengths, so that one can't be taken for another's. */
function inputLines(): string {
  const lines = Array.from({ length: LINES }, (_, index) => ({
    custom_id: String(index + 1),
    method: 'POST',
    url: '/v1/chat/completions',
    body: { messages: [{ role: 'user', content: `Story ${index + 1}` }], max_tokens: 1 + ((7 * index) % 23) },
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lehmer's generator. */
function randomFrom(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
