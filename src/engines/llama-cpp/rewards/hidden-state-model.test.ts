import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertClose, ROUNDING } from '../../../../test/fixtures/engine-assertions.ts';
import { someTokens } from '../../../../test/fixtures/tiny-engine.ts';
import { attentionModel } from '../../../../test/fixtures/tiny-gguf/attention-model.ts';
import { writeGguf } from '../../../../test/fixtures/tiny-gguf/write-gguf.ts';
import type { TokenId } from '../../../core/language-model.ts';
import { LlamaContext } from '../llama-context.ts';
import { loadModel } from '../load-model.ts';
import { ComputeLane } from '../native/compute-lane.ts';
import { type LlamaLibrary, openLibrary } from '../native/llama-library.ts';
import { openHiddenStateModel } from './open-hidden-state-model.ts';

type File = Parameters<typeof openHiddenStateModel>[1];

/** The same by llama.cpp's own pooling, which takes a text whole. */
async function pooledLast(library: LlamaLibrary, file: File, tokens: readonly TokenId[]): Promise<Float32Array> {
  const model = await loadModel(library, file);
  const options = { contextLength: 512, sequences: 1, batchTokens: 512, batchRows: 512, pooling: 'last' } as const;
  const context = await LlamaContext.open(library, model, file.lane, options);
  await context.decode(tokens.map((token, position) => ({ token, position, sequence: 0, row: true })));
  const state = context.pooled(0, library.modelHiddenSize(model));
  context.close();
  library.modelFree(model);
  return state;
}

test("the hidden states are those of llama.cpp's own pooling of the last token", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'wellbegun-states-'));
  const path = join(directory, 'attention.gguf');
  await writeGguf(path, attentionModel({ architecture: 'llama', seed: 1 }));
  const library = openLibrary();
  const lane = new ComputeLane(library, 1);
  const loading = { path, id: 'tiny', lane, gpuLayers: 0, repack: false, controlCandidates: [] };
  const file = { ...loading, contextLength: 512, sequences: 1 };
  const model = await openHiddenStateModel(library, file);
  for (const length of [1, 5, 32, 33, 300]) {
    const tokens = someTokens(length, length);
    const [state] = await model.hiddenStates([tokens]);
    assertClose([...state!], [...(await pooledLast(library, file, tokens))], ROUNDING);
  }
  await model.close();
  await lane.close();
  await rm(directory, { recursive: true });
});
