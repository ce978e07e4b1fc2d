import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { runResult } from '../../src/assembly/run-result.ts';
import { assertRefused, type CliOptions, ending, makePlace, type Place, schemaOf } from './support.ts';

interface Result {
  readonly line?: number;
  readonly id?: string | number;
  readonly text?: string;
  readonly tokens?: readonly unknown[];
  readonly switch?: { readonly index: number };
  readonly error?: { readonly code: string; readonly message: string } | null;
  readonly custom_id?: string;
  readonly response?: { readonly body: { readonly choices: readonly { readonly message: { content: string } }[] } };
}

/** All lines that the tests below read keep it. */
const lineSchema = await schemaOf('batch-result');

const PROMPTS = ['hi', 'Once', 'the cat', 'Tell me more.'];
const canMount = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0;
const hasScript = spawnSync('script', ['--version']).status === 0;
const needsTerminal = hasScript ? {} : { skip: 'needs script(1) of util-linux for a pseudo-terminal' };
const needsMount = canMount ? {} : { skip: 'a small disk needs the right to mount (unshare -m)' };

suite('batch', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const folderWith = (lines: readonly (string | object)[]) => place.folderWith(lines);
  const prompts = (texts: readonly string[] = PROMPTS) => place.folderWith(texts.map((prompt) => ({ prompt })));

  const batch = (cwd: string, args: readonly string[] = [], options: CliOptions = {}) =>
    place.run(['batch', 'in.jsonl', '-o', 'out.jsonl', ...args], { cwd, ...options });

  async function results(folder: string): Promise<Result[]> {
    const text = await readFile(join(folder, 'out.jsonl'), 'utf8');
    const lines = text.split('\n');
    assert.equal(lines.pop(), '', 'ends with a whole line');
    for (const line of lines) lineSchema.parse(JSON.parse(line));
    return lines.map((line) => JSON.parse(line) as Result);
  }

  test('answers like run, a line each', async () => {
    const folder = await prompts();
    const { code, stdout, stderr } = await batch(folder);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^(Loading .* …\n)?4 lines in \d+ s \([\d.e+]+ lines\/s, [\d.e+]+ tokens\/s\); 4 of 4 are in out\.jsonl\.\n$/,
    );
    const single = await place.run(['run', '--json', PROMPTS[1]!]);
    const expected = JSON.parse(single.stdout) as Result;
    const { line, text, tokens, switch: change } = (await results(folder)).find((result) => result.line === 2)!;
    assert.deepEqual({ line, text, change }, { line: 2, text: expected.text, change: expected.switch });
    assert.equal(tokens, undefined);
    assert.deepEqual((await readdir(folder)).sort(), ['in.jsonl', 'out.jsonl', 'out.jsonl.state.json']);
  });

  test('every form of a line, each answered in its own', async () => {
    const ask = [{ role: 'user', content: 'hi' }];
    const openAi = (custom_id: string, url: string, body: object) => ({ custom_id, method: 'POST', url, body });
    const folder = await folderWith([
      '\u{FEFF}{"prompt": "hi", "id": "p"}\r',
      '',
      { context: ask, meta: 'naive:0' },
      openAi('c', '/v1/chat/completions', { model: 'm', messages: ask }),
      openAi('o', '/v1/completions', { model: 'm', prompt: 'hi', max_tokens: 100 }),
      { messages: ask },
    ]);
    const { code, stderr } = await batch(folder, ['--tokens', '--concurrency', '1']);
    assert.equal(code, 0, stderr);
    const [plain, authors, chat, completion, conversation] = await results(folder);
    const { text } = plain!;
    assert.ok(text);
    assert.equal(plain!.id, 'p');
    assert.deepEqual(plain!.tokens!.map((token) => (token as { text: string }).text).join(''), text);
    const { request } = runResult.parse(conversation);
    assert.deepEqual(request.messages, ask);
    assert.deepEqual([authors!.line, authors!.id, authors!.text], [3, 'naive:0', text]);
    assert.equal(chat!.custom_id, 'c');
    assert.equal(chat!.response!.body.choices[0]!.message.content, text);
    assert.equal((completion!.response!.body.choices[0] as { text?: string }).text, text);
    assert.deepEqual([conversation!.line, conversation!.text], [6, text]);
  });

  test('the schema of its lines refuses what is none, and what is two', async () => {
    const folder = await folderWith([{ prompt: 'hi' }, { prompt: '' }]);
    assert.equal((await batch(folder)).code, 1);
    const [answered, failed] = (await results(folder)).sort((a, b) => a.line! - b.line!);
    const { usage, ...withoutUsage } = answered as Result & { usage: object };
    assert.ok(usage);
    for (const other of [
      withoutUsage,
      { ...answered, ...failed },
      { ...answered, line: 0 },
      { ...failed, error: null },
      { id: 'batch_req_0', custom_id: 'c', response: null, error: failed!.error },
      { id: 'batch_req_1', custom_id: 'c', response: null, error: null },
    ]) {
      assert.equal(lineSchema.safeParse(other).success, false, JSON.stringify(other));
    }
  });

  test('max_tokens of an OpenAI line counts the drafted tokens as well', async () => {
    const body = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 };
    const folder = await folderWith([{ custom_id: 'c', url: '/v1/chat/completions', body }]);
    assert.equal((await batch(folder)).code, 0);
    const [result] = await results(folder);
    const { usage, choices } = result!.response!.body as unknown as {
      usage: { completion_tokens: number };
      choices: [{ finish_reason: string }];
    };
    assert.deepEqual([usage.completion_tokens, choices[0].finish_reason], [5, 'length']);
  });

  test('goes on where it was, and has nothing to do at the end', async () => {
    const folder = await prompts();
    assert.equal((await batch(folder, ['--limit', '2'])).code, 0);
    const first = await readFile(join(folder, 'out.jsonl'), 'utf8');
    const { stderr } = await batch(folder);
    assert.match(stderr, /^2 of 4 lines are in out\.jsonl already\.\n2 lines in/);
    const all = await readFile(join(folder, 'out.jsonl'), 'utf8');
    assert.ok(all.startsWith(first));
    assert.deepEqual((await results(folder)).map(({ line }) => line).sort(), [1, 2, 3, 4]);
    const again = await batch(folder);
    assert.deepEqual([again.code, again.stderr], [0, '4 of 4 lines are in out.jsonl already.\n']);
    assert.equal(await readFile(join(folder, 'out.jsonl'), 'utf8'), all);
  });

  test('takes lines in the order of a seed', async () => {
    const folder = await prompts();
    assert.equal((await batch(folder, ['--shuffle-seed', '3', '--concurrency', '1', '--limit', '3'])).code, 0);
    const [third] = (await results(folder)).slice(-1);
    assert.equal((await batch(folder, ['--shuffle-seed', '3', '--concurrency', '1'])).code, 0);
    const order = (await results(folder)).map(({ line }) => line);
    assert.equal(order[2], third!.line);
    assert.notDeepEqual(order, [1, 2, 3, 4]);
    assert.deepEqual(order.toSorted(), [1, 2, 3, 4]);
  });

  test('a line that fails is told, counted, and tried again when asked', async () => {
    const folder = await folderWith([{ prompt: 'hi' }, 'not json', { prompt: 'x'.repeat(4000) }]);
    const args = ['--context', '400'];
    const first = await batch(folder, args);
    assert.equal(first.code, 1);
    assert.match(first.stderr, /^Line 2 failed: The line is not JSON/m);
    assert.match(first.stderr, /^2 failed: "error" in their lines says why, and --retry-failed tries them again\.\n$/m);
    const codes = (await results(folder)).map(({ line, error }) => `${line} ${error?.code}`);
    assert.deepEqual(codes.sort(), ['1 undefined', '2 bad-json', '3 prompt-too-long']);

    assert.match((await batch(folder, args)).stderr, /^3 of 3 lines are in out\.jsonl already\.\n2 failed/);
    const retried = await batch(folder, [...args, '--retry-failed']);
    assert.match(retried.stderr, /^1 of 3 lines are in out\.jsonl already\.\n/);
    assert.equal(retried.code, 1);
    assert.deepEqual((await results(folder)).map(({ line }) => line).sort(), [1, 2, 3]);
  });

  test('a torn last line is cut off, and done anew', async () => {
    const folder = await prompts();
    await batch(folder);
    const path = join(folder, 'out.jsonl');
    const whole = await results(folder);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -20));
    const { code, stderr } = await batch(folder);
    assert.equal(code, 0);
    assert.match(stderr, /^3 of 4 lines are in out\.jsonl already\./);
    const key = ({ line, text: said }: Result) => `${line} ${said}`;
    assert.deepEqual((await results(folder)).map(key).sort(), whole.map(key).sort());
  });

  test('Ctrl-C keeps what is finished and says how to go on', async () => {
    const folder = await prompts(Array.from({ length: 3000 }, (_, index) => `hi ${index}`));
    const child = place.start(['batch', 'in.jsonl', '-o', 'out.jsonl'], { cwd: folder });
    const ended = ending(child);
    await untilContent(join(folder, 'out.jsonl'));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.equal(code, 130, stderr);
    const [, done] = /^(\d+) of 3000 lines are in out\.jsonl: the same command goes on there\.\n$/m.exec(stderr) ?? [];
    assert.equal((await results(folder)).length, Number(done));
    assert.deepEqual((await readdir(folder)).sort(), ['in.jsonl', 'out.jsonl', 'out.jsonl.state.json']);
    const limit = String(Number(done) + 1);
    assert.match((await batch(folder, ['--limit', limit])).stderr, /lines are in out\.jsonl already/);
  });

  test('on a terminal there is a bar, also one that the failures do not tear', needsTerminal, async () => {
    const folder = await folderWith([...PROMPTS.map((prompt) => ({ prompt })), 'no']);
    const { stdout, code } = await batch(folder, [], { wrap: inTerminal(80) });
    assert.equal(code, 1);
    assert.match(stdout, / 100% · 5\/5 · 1 failed · [\d.]+ lines\/s · 0 s left/);
    assert.match(stdout, /\u001b\[2KLine 5 failed: /);
    assert.match(stdout, /5 lines in \d+ s .* 5 of 5 are in out\.jsonl\./);
  });

  test('on a terminal that does not know its width there are lines', needsTerminal, async () => {
    const folder = await prompts();
    const { stdout, code } = await batch(folder, [], { wrap: inTerminal(0) });
    assert.equal(code, 0);
    assert.match(stdout, /^4 lines in \d+ s [^\n]*\n$/);
  });

  test('two batches do not write one output', async () => {
    const folder = await prompts(Array.from({ length: 3000 }, (_, index) => `hi ${index}`));
    const child = place.start(['batch', 'in.jsonl', '-o', 'out.jsonl'], { cwd: folder });
    await untilContent(join(folder, 'out.jsonl'));
    await symlink('out.jsonl', join(folder, 'link.jsonl'));
    const second = await place.run(['batch', 'in.jsonl', '-o', 'link.jsonl'], { cwd: folder });
    assertRefused(second, { code: 2, says: /Process \d+ is writing .*out\.jsonl already: wait for it/ });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const after = await batch(folder, ['--limit', '1']);
    assert.equal(after.code, 0, after.stderr);
  });

  test('a lock with its own process id is that of an earlier process', async () => {
    const folder = await prompts(['hi']);
    // The shell's child is the process itself, after exec.
    const host = hostname().replace(/[^\w.-]/g, '_');
    const lock = 'mkdir out.jsonl.lock && touch "out.jsonl.lock/$$@$0@earlier" && exec "$@"';
    const { code, stderr } = await batch(folder, [], { wrap: (words) => ['sh', '-c', lock, host, ...words] });
    assert.equal(code, 0, stderr);
  });

  test('another input, other settings, or a file of its own in the way are refused with ways out', async () => {
    const folder = await prompts(['hi', 'ho']);
    assert.equal((await batch(folder)).code, 0);
    const before = await readFile(join(folder, 'out.jsonl'), 'utf8');
    const refused = async (says: RegExp, args: readonly string[] = []) =>
      assertRefused(await batch(folder, args), { code: 2, says });

    await refused(/other settings \(--gamma, --seed\): give the same ones, name another file .*or remove/, [
      '--gamma=0.5',
      '--seed=1',
    ]);
    assert.equal((await batch(folder, ['--threads', '2', '--concurrency', '1'])).code, 0);
    await writeFile(join(folder, 'in.jsonl'), '{"prompt": "hi"}\n{"prompt": "hu"}\n');
    await refused(/out\.jsonl was begun with another in\.jsonl/);
    await writeFile(join(folder, 'out.jsonl.state.json'), '');
    await refused(/out\.jsonl is there already and .* is missing or damaged/);
    assert.equal(await readFile(join(folder, 'out.jsonl'), 'utf8'), before);
  });

  test('what cannot be read or written is refused before any model is loaded', async () => {
    const folder = await prompts(['hi']);
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'empty.jsonl'), '\n \n');
    const refused = async (args: readonly string[], says: RegExp) =>
      assertRefused(await place.run(['batch', ...args], { cwd: folder, env: { WELLBEGUN_BASE: 'none.gguf' } }), {
        code: 2,
        says,
      });
    await refused(['in.jsonl'], /--output <file>.* not specified/);
    await refused(['-o', 'out.jsonl'], /missing required argument 'input'/);
    await refused(['none.jsonl', '-o', 'out.jsonl'], /The input none\.jsonl can't be read \(there is no such file\)/);
    await refused(['sub', '-o', 'out.jsonl'], /The input sub is not a file/);
    await refused(['/dev/stdin', '-o', 'out.jsonl'], /The input \/dev\/stdin is not a file: .* save it first/);
    await refused(['empty.jsonl', '-o', 'out.jsonl'], /empty\.jsonl has no lines/);
    await refused(['in.jsonl', '-o', 'in.jsonl'], /--output: in\.jsonl is the input/);
    await refused(['in.jsonl', '-o', 'sub'], /--output: sub is a folder/);
    await refused(['in.jsonl', '-o', 'no/out.jsonl'], /--output: no\/out\.jsonl can't be written/);
    await refused(['in.jsonl', '-o', '/dev/null'], /--output: \/dev\/null is a device/);
    await refused(['in.jsonl', '-o', 'o', '--concurrency', '0'], /--concurrency must be a whole number of at least 1/);
    await refused(['in.jsonl', '-o', 'o', '--limit', 'x'], /--limit must be a whole number/);
    await refused(
      ['in.jsonl', '-o', 'o', '--threads', '513'],
      /--threads must be a whole number of at most 512, not 513/,
    );
    await refused(['in.jsonl', '-o', 'o', '--gamma', '2'], /--gamma must be/);
    assert.deepEqual((await readdir(folder)).sort(), ['empty.jsonl', 'in.jsonl', 'sub']);
  });

  test('a model that cannot be loaded leaves no output', async () => {
    const folder = await prompts(['hi']);
    assertRefused(await batch(folder, ['--base', 'none.gguf']), { code: 1, says: /none\.gguf/ });
    assert.deepEqual(await readdir(folder), ['in.jsonl']);
  });

  test('a full disk is told, and nothing that was finished is lost', needsMount, async () => {
    const folder = await prompts(Array.from({ length: 400 }, (_, index) => `hi ${index}`));
    const [disk, saved] = [await place.newFolder(), await place.newFolder()];
    const script =
      'mount -t tmpfs -o size=32k none "$1" && saved="$2" && disk="$1" && shift 2 && "$@"; code=$?; cp "$disk"/* "$saved"; exit $code';
    const wrap = (words: readonly string[]) => ['unshare', '-m', 'sh', '-c', script, 'sh', disk, saved, ...words];
    const { code, stderr } = await place.run(['batch', 'in.jsonl', '-o', join(disk, 'out.jsonl')], {
      cwd: folder,
      wrap,
    });
    assert.equal(code, 1);
    const [, done] =
      /^(\d+) of 400 lines are in .*out\.jsonl: the same command goes on there\.\nwellbegun: .*out\.jsonl can't be written, its disk is full: free some space and give the same command again, it goes on where it was\.\n$/m.exec(
        stderr,
      ) ?? [];
    assert.ok(Number(done) > 10, stderr);
    assert.equal((await results(saved)).length, Number(done));
  });
});

/** Puts a command into a terminal so wide; what it says on stderr comes on stdout. */
function inTerminal(columns: number) {
  return (words: readonly string[]) => {
    const command = words.map((word) => `'${word}'`).join(' ');
    return ['script', '--quiet', '--return', '--command', `stty cols ${columns} && ${command}`, '/dev/null'];
  };
}

/** Waits until a file has something in it. */
async function untilContent(path: string): Promise<void> {
  for (let tries = 0; tries < 6000; tries++) {
    if ((await readFile(path).catch(() => '')).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`${path} stayed empty`);
}
