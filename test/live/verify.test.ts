import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { RunResult } from '../../src/assembly/run-result.ts';
import { PROMPTS, wellbegun } from './support.ts';

const LIMITS = ['--max-draft', '64', '--max-tokens', '48'];

suite('verify on the default pair', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-verify-'))));
  after(() => rm(folder, { recursive: true }));

  test('traces of all kinds of prompts are true, and say so without being told the base', async (context) => {
    const input = join(folder, 'in.jsonl');
    await writeFile(input, PROMPTS.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));
    const output = join(folder, 'out.jsonl');
    const answered = await wellbegun(['batch', input, '-o', output, '--tokens', ...LIMITS]);
    assert.equal(answered.code, 0, answered.stderr);
    const { stdout, stderr, code } = await wellbegun(['verify', '--json', output]);
    const found = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { verdict: string; difference?: { greatestNats: number; meanNats: number } });
    const worst = (name: 'greatestNats' | 'meanNats') => Math.max(...found.map((one) => one.difference?.[name] ?? 0));
    context.diagnostic(`ln P is off by at most ${worst('greatestNats')}, ${worst('meanNats')} on average`);
    assert.deepEqual(
      found.map(({ verdict }) => verdict),
      PROMPTS.map(() => 'true'),
      stdout + stderr,
    );
    assert.equal(code, 0);
  });

  test('a forged probability, word or switch is found', async () => {
    const file = join(folder, 'trace.json');
    await wellbegun(['run', '--trace', file, ...LIMITS, '--gamma', '0.5', PROMPTS[1]!]);
    const trace = JSON.parse(await readFile(file, 'utf8')) as RunResult;
    const { tokens, switch: taken } = trace;
    const token = (i: number, change: object) => tokens.map((one, j) => (i === j ? { ...one, ...change } : one));
    const last = tokens.length - 1;
    const lies: RunResult[] = [
      { ...trace, tokens: token(2, { logprob: tokens[2]!.logprob! - 2 }) },
      { ...trace, tokens: token(last, { id: tokens[3]!.id, text: tokens[3]!.text }) },
      { ...trace, switch: { ...taken!, index: taken!.index + 1 } },
    ];
    for (const [i, lie] of lies.entries()) {
      const path = join(folder, `lie-${i}.json`);
      await writeFile(path, JSON.stringify({ ...lie, text: lie.tokens.map(({ text }) => text).join('') }));
      const { stdout, code } = await wellbegun(['verify', path]);
      assert.match(stdout, /^false/);
      assert.equal(code, 1);
    }
  });
});
