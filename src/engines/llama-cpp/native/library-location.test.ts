import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { BINARY_VERSION, installedVariants, locateLibraries, locateLibrary } from './library-location.ts';

suite('the native library', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-location-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function install(variant: string, version: string, files: readonly string[]): Promise<void> {
    const path = join(folder, '@node-llama-cpp', variant);
    await mkdir(join(path, 'bins', variant), { recursive: true });
    await writeFile(join(path, 'package.json'), JSON.stringify({ version }));
    for (const file of files) await writeFile(join(path, 'bins', variant, file), '');
  }

  const on = (platform: string) => ({ platform, folders: [join(folder, 'nearer'), folder] });
  const LINUX_FILES = ['libggml-base.so', 'libggml.v0.5.0.so', 'libllama.v0.5.0.so', 'libllama-common.so'];

  test('is found here', () => {
    const { variant, ggmlBase, ggml, llama } = locateLibrary();
    assert.ok(installedVariants().includes(variant));
    for (const file of [ggmlBase, ggml, llama]) assert.ok(existsSync(file));
  });

  test('is the best variant that is installed', async () => {
    await install('linux-x64', BINARY_VERSION, LINUX_FILES);
    const { variant, llama } = locateLibrary('auto', on('linux-x64'));
    assert.equal(variant, 'linux-x64');
    assert.ok(llama.endsWith('libllama.v0.5.0.so'));
    await install('linux-x64-vulkan', BINARY_VERSION, LINUX_FILES);
    assert.equal(locateLibrary('auto', on('linux-x64')).variant, 'linux-x64-vulkan');
    assert.equal(locateLibrary('cpu', on('linux-x64')).variant, 'linux-x64');
  });

  test('is followed by the next best, each looked at when it is reached', async () => {
    await install('linux-x64-cuda', BINARY_VERSION, [...LINUX_FILES, 'libggml-cuda.so']);
    await install('linux-x64-vulkan', '3.0.0', LINUX_FILES);
    await install('linux-x64', BINARY_VERSION, LINUX_FILES);
    const builds = locateLibraries('auto', on('linux-x64'));
    const { variant, backend, gpuBackend } = builds.next().value!;
    assert.deepEqual([variant, backend], ['linux-x64-cuda', 'cuda']);
    assert.ok(gpuBackend!.endsWith('libggml-cuda.so'));
    assert.throws(() => builds.next(), { code: 'library-version', message: /linux-x64-vulkan/ });
    const [only, ...others] = locateLibraries('cpu', on('linux-x64'));
    assert.deepEqual([only!.backend, only!.gpuBackend, others.length], ['cpu', undefined, 0]);
  });

  test('has other names on other systems', async () => {
    await install('mac-arm64-metal', BINARY_VERSION, ['libggml-base.dylib', 'libggml.dylib', 'libllama.dylib']);
    assert.ok(locateLibrary('metal', on('darwin-arm64')).ggml.endsWith('libggml.dylib'));
    await install('win-x64', BINARY_VERSION, ['ggml-base.dll', 'ggml.dll', 'llama.dll', 'ggml-cpu-x64.dll']);
    assert.ok(locateLibrary('cpu', on('win32-x64')).llama.endsWith('llama.dll'));
  });

  test('that is not installed is named', () => {
    assert.throws(() => locateLibrary('cpu', on('linux-x64')), {
      name: 'EngineError',
      code: 'library-missing',
      message: new RegExp(`run "npm install @node-llama-cpp/linux-x64@${BINARY_VERSION}"`),
    });
    assert.throws(() => locateLibrary('auto', on('linux-x64')), { message: /linux-x64-cuda.* or .*linux-x64-vulkan/ });
  });

  test('of another version is refused', async () => {
    await install('linux-x64', '3.0.0', LINUX_FILES);
    assert.throws(() => locateLibrary('cpu', on('linux-x64')), {
      code: 'library-version',
      message: /linux-x64 is version 3\.0\.0, but this wellbegun knows only/,
    });
  });

  test('with a file missing is refused', async () => {
    await install('linux-x64', BINARY_VERSION, LINUX_FILES.slice(0, 2));
    assert.throws(() => locateLibrary('cpu', on('linux-x64')), {
      code: 'library-incomplete',
      message: /no llama library/,
    });
  });

  test('does not exist for every platform and backend', () => {
    assert.throws(() => locateLibrary('auto', on('aix-ppc64')), {
      name: 'CapabilityError',
      code: 'unsupported-platform',
      message: /no prebuilt llama\.cpp library for aix-ppc64, only for linux-x64, /,
    });
    assert.throws(() => locateLibrary('metal', on('linux-x64')), {
      code: 'unsupported-backend',
      message: 'linux-x64 has no metal backend: choose one of cuda, vulkan, cpu.',
    });
  });
});
