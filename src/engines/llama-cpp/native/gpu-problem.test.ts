import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Device } from './devices.ts';
import { assertComputes, gpuProblem, gpusOf } from './gpu-problem.ts';
import { openLibrary } from './llama-library.ts';

const CPU: Device = { kind: 'cpu', name: 'CPU', description: 'a processor', totalBytes: 1 };
const GPU: Device = { kind: 'gpu', name: 'CUDA0', description: 'a card', totalBytes: 1 };

function build(gpuBackend: string | undefined, devices: readonly Device[]) {
  const location = { ...openLibrary().location };
  if (gpuBackend === undefined) delete location.gpuBackend;
  return { location: gpuBackend === undefined ? location : { ...location, gpuBackend }, devices: () => [...devices] };
}

suite('a build for GPUs', () => {
  test('that has one is fine', () => {
    const library = build('/none/libggml-cuda.so', [GPU, CPU]);
    assert.deepEqual(gpusOf(library), [GPU]);
    assert.equal(gpuProblem(library), undefined);
    assertComputes('cuda', library);
  });

  test('whose library does not open says why', () => {
    const library = build('/none/libggml-cuda.so', [CPU]);
    assert.match(gpuProblem(library)!, /^cannot open shared object file/);
    assert.throws(() => assertComputes('cuda', library), {
      name: 'EngineError',
      code: 'no-gpu',
      message: /^backend cuda: llama\.cpp finds no GPU \(.*No such file.*\): install .* or choose backend cpu\.$/,
    });
  });

  test('whose library opens, but finds nothing, says that', () => {
    const library = build(openLibrary().location.ggmlBase, [CPU]);
    assert.match(gpuProblem(library)!, /no device answers/);
  });

  test('that nobody asked for by name computes on the CPU', () => {
    assertComputes('auto', build('/none/libggml-cuda.so', [CPU]));
  });
});

test('a build for the CPU has no problem, and its device is listed', () => {
  assert.equal(gpuProblem(build(undefined, [CPU])), undefined);
  const [device] = openLibrary()
    .devices()
    .filter(({ kind }) => kind === 'cpu');
  assert.equal(device!.name, 'CPU');
  assert.ok(device!.description.length > 0);
  assert.ok(device!.totalBytes > 1e8);
});
