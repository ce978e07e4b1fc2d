import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { makeTinyModels } from '../../../../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { assertLoads } from './assert-loads.ts';
import { ProbedFiles } from './probed-files.ts';

const NO_LIMITS = process.platform !== 'linux' && 'only Linux keeps to ulimit -v';
const LOADING = `process.stdout.write('loading\\n');`;
const CPU = { build: { variant: 'linux-x64', backend: 'cpu' }, gpuLayers: 0 } as const;
const ENDLESS = 'setInterval(() => {}, 1000);';

suite('the trial load', () => {
  let directory: string;
  let model: string;
  let probed: ProbedFiles;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wellbegun-probe-'));
    model = (await makeTinyModels(directory)).attention;
    probed = new ProbedFiles('1', join(directory, 'probed'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** A script in place of the one that loads. */
  async function program(source: string): Promise<string> {
    const path = join(directory, 'program.mjs');
    await writeFile(path, source);
    return path;
  }

  test('of a good file is remembered until the file changes', async () => {
    await assertLoads(model, { ...CPU, probed });
    const crashing = await program(`${LOADING} process.exit(3);`);
    await assertLoads(model, { ...CPU, probed, program: crashing });
    await appendFile(model, 'x');
    await assert.rejects(assertLoads(model, { ...CPU, probed, program: crashing }), /trial load .* ended with code 3/);
  });

  test('loads as the file will be loaded: by the same build, with as many layers on GPUs', async () => {
    const says = `${LOADING} console.error('error: ' + process.argv.slice(3).join(' ')); process.exit(3);`;
    const build = { variant: 'linux-x64-vulkan', backend: 'vulkan' } as const;
    const trial = { build, gpuLayers: 7, purpose: 'classifier', probed, program: await program(says) } as const;
    await assert.rejects(assertLoads(model, trial), { message: /ended with code 3: error: vulkan classifier 7\)/ });
  });

  test('is made again for another build, or another number of layers on GPUs', async () => {
    const previous = process.env['WELLBEGUN_CACHE'];
    process.env['WELLBEGUN_CACHE'] = directory;
    try {
      await assertLoads(model, CPU);
      const crashing = await program(`${LOADING} process.exit(3);`);
      await assertLoads(model, { ...CPU, program: crashing });
      await assert.rejects(assertLoads(model, { ...CPU, gpuLayers: 1, program: crashing }), /code 3/);
      const build = { ...CPU.build, variant: 'other' };
      await assert.rejects(assertLoads(model, { ...CPU, build, program: crashing }), /code 3/);
    } finally {
      if (previous === undefined) delete process.env['WELLBEGUN_CACHE'];
      else process.env['WELLBEGUN_CACHE'] = previous;
    }
  });

  test('of a file that is refused in words goes well, and says nothing itself', async () => {
    const broken = join(directory, 'broken.gguf');
    await writeFile(broken, 'GGUF but not really');
    await assertLoads(broken, { ...CPU, probed });
  });

  test('turns a crash into an error of the file, again and again', async () => {
    const crashing = await program(`${LOADING} process.kill(process.pid, 'SIGSEGV'); ${ENDLESS}`);
    for (let times = 0; times < 2; times++) {
      await assert.rejects(assertLoads(model, { ...CPU, probed, program: crashing }), {
        name: 'ModelFileError',
        code: 'crashing-model',
        message: /attention\.gguf \(a trial load in a process of its own was ended by SIGSEGV\): the file is damaged/,
      });
    }
  });

  /** The tiny model with a change that no part of its header tells. */
  async function changed(from: string, to: string, source = model): Promise<string> {
    const bytes = await readFile(source);
    bytes.write(to, bytes.indexOf(from), 'latin1');
    const path = join(directory, 'changed.gguf');
    await writeFile(path, bytes);
    return path;
  }

  test('finds a vocabulary that can not spell a byte, on which llama.cpp ends its process', async () => {
    const { sentencepiece } = await makeTinyModels(directory);
    await assertLoads(sentencepiece, { ...CPU, probed });
    await assert.rejects(assertLoads(await changed('<0xF4>', '<0xG4>', sentencepiece), { ...CPU, probed }), {
      code: 'crashing-model',
      message: /changed\.gguf \(a trial load .+\): the file is damaged or of a kind that this llama\.cpp can't compute/,
    });
  });

  test('tells what llama.cpp asserted', async () => {
    const asserts = `${LOADING} console.error('/home/x/ggml-cpu/binary-ops.cpp:135: unsupported types'); process.abort();`;
    await assert.rejects(assertLoads(model, { ...CPU, probed, program: await program(asserts) }), {
      message: /\(a trial load in a process of its own was ended by SIGABRT: unsupported types\): the file/,
    });
  });

  test('that has no memory says so, not that the file is damaged', async () => {
    for (const source of [
      `${LOADING} process.kill(process.pid, 'SIGKILL'); ${ENDLESS}`,
      `${LOADING} process.stderr.write("what():  std::bad_alloc"); process.abort();`,
      `process.stderr.write('# Fatal process out of memory: Failed to reserve'); process.kill(process.pid, 'SIGTRAP'); ${ENDLESS}`,
    ]) {
      await assert.rejects(assertLoads(model, { ...CPU, probed, program: await program(source) }), {
        name: 'EngineError',
        code: 'no-memory',
        message: /not enough memory to load .+attention\.gguf \(a trial load .+\): free some/,
      });
    }
  });

  test(
    'under a limit of memory that is too small for any program does not blame the file',
    { skip: NO_LIMITS },
    async () => {
      const url = new URL('./assert-loads.ts', import.meta.url).href;
      // The limit is for the trial: this process is there already.
      const limited = join(directory, 'node');
      await writeFile(limited, `#!/bin/sh\nulimit -v 2000000\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
      const text = `process.execPath = '${limited}'; const { assertLoads } = await import('${url}'); await assertLoads('${model}', ${JSON.stringify(CPU)}).catch(({ code }) => console.log(code));`;
      const run = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', text], {
        env: { ...process.env, WELLBEGUN_CACHE: directory },
        timeout: 120_000,
      });
      assert.match(run.stdout, /^(no-memory|no-trial)$/mu);
    },
  );

  test('that ends before it is at the file does not blame the file', async () => {
    const source = `console.error('Error: no such library'); process.exit(1)`;
    await assert.rejects(assertLoads(model, { ...CPU, probed, program: await program(source) }), {
      name: 'EngineError',
      code: 'no-trial',
      message: /reason that is not in the file .*ended with code 1: Error: no such library/,
    });
  });

  test('that does not end is ended', async () => {
    const endless = await program(`${LOADING} ${ENDLESS}`);
    await assert.rejects(assertLoads(model, { ...CPU, probed, program: endless, timeoutMs: 1000 }), {
      code: 'crashing-model',
      message: /did not end within 1 seconds/,
    });
  });

  test('stops with its signal', async () => {
    const endless = await program(ENDLESS);
    const signal = AbortSignal.timeout(100);
    await assert.rejects(assertLoads(model, { ...CPU, probed, program: endless, signal }), { name: 'TimeoutError' });
  });

  test('runs in a process that was given its program as a text', async () => {
    const url = new URL('./assert-loads.ts', import.meta.url).href;
    const text = `import { assertLoads } from '${url}'; await assertLoads('${model}', ${JSON.stringify(CPU)}); console.log('loaded');`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', text], {
      env: { ...process.env, WELLBEGUN_CACHE: directory },
      timeout: 120_000,
    });
    assert.deepEqual(await run, { stdout: 'loaded\n', stderr: '' });
    assert.equal((await readdir(join(directory, 'probed-files'))).length, 1);
  });
});

suite('the files that went well', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'wellbegun-probed-'))));
  afterEach(() => rm(directory, { recursive: true }));

  test('are all remembered when many are added at once, each time by another reader', async () => {
    const folder = join(directory, 'probed');
    const paths = Array.from({ length: 50 }, (_, i) => join(directory, `${i}.gguf`));
    await Promise.all(paths.map((path) => writeFile(path, path)));
    await Promise.all(paths.map((path) => new ProbedFiles('1', folder).add(path)));
    for (const path of paths) assert.ok(await new ProbedFiles('1', folder).has(path));
  });

  test('are those of one version of the library', async () => {
    const path = join(directory, 'a.gguf');
    await writeFile(path, 'a');
    await new ProbedFiles('1', directory).add(path);
    assert.ok(!(await new ProbedFiles('2', directory).has(path)));
  });

  test('are forgotten where nothing can be written, without an error', async () => {
    const path = join(directory, 'a.gguf');
    await writeFile(path, 'a');
    const probed = new ProbedFiles('1', join(path, 'not-a-folder'));
    await probed.add(path);
    assert.ok(!(await probed.has(path)));
  });
});
