import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LibraryLocation } from '../../native/library-location.ts';
import { chooseBuild } from './choose-build.ts';
import type { TrialOutcome } from './trial-outcome.ts';

function build(backend: LibraryLocation['backend']): LibraryLocation {
  const variant = backend === 'cpu' ? 'linux-x64' : `linux-x64-${backend}`;
  const names = { directory: '/', ggmlBase: 'b', ggml: 'g', llama: 'l' };
  return { variant, backend, ...names, ...(backend !== 'cpu' && { gpuBackend: `libggml-${backend}.so` }) };
}

const [CUDA, VULKAN, CPU] = [build('cuda'), build('vulkan'), build('cpu')];
const WORKS: TrialOutcome = { kind: 'works' };
const FAILED: TrialOutcome = { kind: 'failed', reason: 'CUDA error: unsupported toolchain' };
const NO_GPU: TrialOutcome = { kind: 'no-gpu', reason: 'libcudart.so.13 is missing' };

/** What is chosen, and which builds were tried for it. */
async function choose(
  backend: Parameters<typeof chooseBuild>[0],
  builds: readonly LibraryLocation[],
  outcomes: Readonly<Record<string, TrialOutcome>>,
) {
  const tried: string[] = [];
  const { location, useless } = await chooseBuild(backend, builds, (location) => {
    tried.push(location.variant);
    return Promise.resolve(outcomes[location.variant]!);
  });
  return { chosen: location.variant, useless: useless.map(({ variant }) => variant), tried };
}

suite('the build that is used', () => {
  test('is the best one whose trial goes well, and no more are tried', async () => {
    assert.deepEqual(await choose('auto', [CUDA, VULKAN, CPU], { 'linux-x64-cuda': WORKS }), {
      chosen: 'linux-x64-cuda',
      useless: [],
      tried: ['linux-x64-cuda'],
    });
  });

  test('is the next one where a trial fails or finds no GPU', async () => {
    const outcomes = { 'linux-x64-cuda': FAILED, 'linux-x64-vulkan': WORKS };
    const { chosen, useless } = await choose('auto', [CUDA, VULKAN, CPU], outcomes);
    assert.deepEqual([chosen, useless], ['linux-x64-vulkan', ['linux-x64-cuda']]);
    const none = { 'linux-x64-cuda': NO_GPU, 'linux-x64-vulkan': FAILED };
    assert.equal((await choose('auto', [CUDA, VULKAN, CPU], none)).chosen, 'linux-x64');
  });

  test('is tried by nobody where it is one for the CPU', async () => {
    assert.deepEqual(await choose('auto', [CPU], {}), { chosen: 'linux-x64', useless: [], tried: [] });
  });

  test('computes on the CPU where it finds no GPU and there is no other', async () => {
    assert.equal((await choose('auto', [CUDA], { 'linux-x64-cuda': NO_GPU })).chosen, 'linux-x64-cuda');
  });

  test('is refused with its reason and a way out where it alone was asked for', async () => {
    await assert.rejects(choose('cuda', [CUDA], { 'linux-x64-cuda': FAILED }), {
      name: 'EngineError',
      code: 'gpu-trial-failed',
      message:
        /^backend cuda: linux-x64-cuda failed a trial \(CUDA error: unsupported toolchain\): update the GPU's driver, or choose backend .*cpu\.$/,
    });
  });
});
