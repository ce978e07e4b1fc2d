import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { test } from 'node:test';

const COUNT = 300;
const KILLS = 20;
const SCRIPT = join(import.meta.dirname, 'judge-until-killed.ts');

/** Says the number that it is asked about; of every third only once it is reminded. */
function answerTo(messages: readonly { readonly content: string }[]): string {
  const number = /\d+/.exec(messages[0]!.content)![0];
  return Number(number) % 3 === 0 && messages.length === 1 ? `It is ${number}` : `[${number}]`;
}

test(`a judge whose run is killed ${KILLS} times loses no verdict, and asks for none that is kept again`, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-judge-kill-'));
  const store = join(folder, 'verdicts.jsonl');
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    void json(request).then((body) => {
      const { messages } = body as { messages: { content: string }[] };
      setTimeout(() => response.end(JSON.stringify({ choices: [{ message: { content: answerTo(messages) } }] })), 5);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  context.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = () =>
    spawn(process.execPath, [SCRIPT, url, store, String(COUNT)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const keys = async () => {
    const lines = (await readFile(store, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    return lines.map((line) => (JSON.parse(line) as { key: string }).key);
  };

  let killed = 0;
  for (let round = 0; round < KILLS; round++) {
    const before = (await keys()).length;
    const child = start();
    const exited = once(child, 'exit');
    const wanted = before + 1 + Math.floor(Math.random() * 15);
    while ((await lineCount(store)) < wanted && child.exitCode === null)
      await new Promise((next) => setTimeout(next, 2));
    child.kill('SIGKILL');
    if ((await exited)[1] === 'SIGKILL') killed++;
    const kept = await keys();
    assert.ok(kept.length >= before, 'a verdict is lost');
    // What a power cut may do besides: the end of the last line never reached the disk.
    if (round % 4 === 3) await truncate(store, (await stat(store)).size - 3);
  }
  assert.ok(killed >= KILLS / 2, `only ${killed} of ${KILLS} runs were killed before their end`);

  const last = start();
  assert.deepEqual(
    JSON.parse(await text(last.stdout)),
    Array.from({ length: COUNT }, (_, index) => index + 1),
  );
  const kept = await keys();
  const needed = COUNT + Math.floor(COUNT / 3);
  assert.deepEqual([kept.length, new Set(kept).size], [needed, needed]);
  // Each kill may cost the replies on their way, four at most, and each cut one more.
  assert.ok(requests <= needed + 4 * KILLS + KILLS / 4, `${requests} requests for ${needed} replies`);
  const total = requests;
  assert.equal((JSON.parse(await text(start().stdout)) as unknown[]).length, COUNT);
  assert.equal(requests, total, 'what is kept costs nothing');
});

async function lineCount(path: string): Promise<number> {
  return (await readFile(path, 'utf8').catch(() => '')).split('\n').length - 1;
}
