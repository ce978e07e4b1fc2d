// A decoder of one's own, wherever a strategy can be named.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { assertRefused, makePlace, type Place } from './support.ts';

const GREEDY = `
  while (response.left > 0) {
    const { candidates: [first] } = await response.nextTokens(1);
    if (first.ends) return 'stop';
    yield* response.add(first);
  }
  return 'length';`;
const module = (body: string) => `export default { name: 'mine', needs: ['base'], async *write(response) {${body}} };`;

suite('--strategy-module', { concurrency: 2 }, () => {
  let place: Place;
  let mine: string;
  before(async () => {
    place = await makePlace();
    mine = join(place.folder, 'mine.ts');
    await writeFile(mine, module(GREEDY));
  });
  after(() => place.remove());

  test('run streams and traces what the base alone would write', async () => {
    const run = async (...args: string[]) =>
      JSON.parse((await place.run(['run', '--json', '--max-tokens', '9', ...args, 'hi'])).stdout) as {
        readonly text: string;
        readonly strategy: string;
      };
    const [own, base] = [await run('--strategy-module', mine), await run('--strategy', 'base')];
    assert.deepEqual([own.strategy, own.text], ['mine', base.text]);
  });

  test('batch answers and resumes with it, and refuses another module under its name', async () => {
    const folder = await place.folderWith([{ prompt: 'one' }, { prompt: 'two' }]);
    const own = join(folder, 'own.mjs');
    await writeFile(own, module(GREEDY));
    const output = join(folder, 'out.jsonl');
    const batch = (...more: string[]) =>
      place.run([
        'batch',
        join(folder, 'in.jsonl'),
        '-o',
        output,
        '--max-tokens',
        '5',
        '--strategy-module',
        own,
        ...more,
      ]);
    assert.equal((await batch('--limit', '1')).code, 0);
    assert.equal((await batch()).code, 0);
    assert.equal((await readFile(output, 'utf8')).match(/"strategy":"mine"/g)?.length, 2);
    await writeFile(own, module(`${GREEDY} // another`));
    assertRefused(await batch(), { code: 2, says: /strategyModule|strategy-module/ });
  });

  test('what it throws in a timer or lets go as a promise costs no line, is told once, and is in the exit code', async () => {
    const folder = await place.folderWith([{ prompt: 'one' }, { prompt: 'two' }]);
    const late = join(folder, 'late.mjs');
    const faults = `setTimeout(() => { throw new TypeError('too late'); }, 1); void Promise.reject('let go');`;
    await writeFile(late, module(`${faults} await new Promise((resolve) => setTimeout(resolve, 50)); ${GREEDY}`));
    const output = join(folder, 'out.jsonl');
    const args = ['batch', join(folder, 'in.jsonl'), '-o', output, '--max-tokens', '5', '--strategy-module', late];
    const { code, stderr } = await place.run(args);
    assert.equal(code, 1, stderr);
    assert.equal((await readFile(output, 'utf8')).match(/"strategy":"mine"/g)?.length, 2);
    const told = stderr.split('\n').filter((line) => line.includes('that nothing waits for'));
    assert.deepEqual(told, [
      'wellbegun: A module of yours failed in a timer or a promise that nothing waits for (let go): mend it. The work goes on.',
      `wellbegun: ${late} failed in a timer or a promise that nothing waits for (too late): mend it. The work goes on.`,
    ]);
  });

  test('evaluate compares it with others', async () => {
    const folder = await place.folderWith([{ prompt: 'one' }]);
    const args = ['evaluate', join(folder, 'in.jsonl'), '-o', join(folder, 'out'), '--max-tokens', '5'];
    const { code, stdout, stderr } = await place.run([...args, '--strategies', 'base', '--strategy-module', mine]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^mine /m);
    assert.match(await readFile(join(folder, 'out', 'mine.jsonl'), 'utf8'), /"strategy":"mine"/);
  });

  test('serve answers with it', async () => {
    const child = place.start(['serve', '--port', '0', '--max-tokens', '5', '--strategy-module', mine]);
    let said = '';
    child.stderr!.on('data', (data) => (said += String(data)));
    child.stdout!.on('data', (data) => (said += String(data)));
    const exited = once(child, 'exit');
    try {
      while (!/http:\/\/[\w.:]+/.test(said))
        await Promise.race([once(child.stderr!, 'data'), once(child.stdout!, 'data')]);
      const url = /http:\/\/[\w.:]+/.exec(said)![0];
      const body = JSON.stringify({ model: 'default', messages: [{ role: 'user', content: 'hi' }] });
      const reply = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body });
      assert.equal(reply.status, 200);
      // Neither the default strategy, which drafts, nor nothing.
      assert.match(JSON.stringify(await reply.json()), /"draft_tokens":0,"kept_draft_tokens":0,"base_tokens":5/);
    } finally {
      child.kill();
      await exited;
    }
  });

  test('a fault of the module is one sentence with its file', async () => {
    const broken = join(place.folder, 'broken.mjs');
    await writeFile(broken, module(`throw new Error('tired');`));
    const { code, stderr } = await place.run(['run', '--strategy-module', broken, 'hi']);
    assert.equal(code, 2);
    assert.match(stderr, /--strategy-module: the write of .*broken\.mjs failed \(tired\): mend it\./);
    assertRefused(await place.run(['run', '--strategy-module', 'no.mjs', 'hi']), {
      code: 2,
      says: /no\.mjs can't be run/,
    });
    for (const [more, says] of [
      [['--strategy', 'base'], /--strategy and --strategy-module can't be given together/],
      [['--gamma', '0.5'], /does not use --gamma/],
      [['--compare'], /leave out --strategy-module/],
    ] as const) {
      assertRefused(await place.run(['run', '--strategy-module', mine, ...more, 'hi']), { code: 2, says });
    }
  });
});
