/** Takes the files it is given through the product's whole loading path, and names each step before it begins. */
import { writeSync } from 'node:fs';
import { WellbegunError } from '../../src/core/errors.ts';
import { ComputeLane } from '../../src/engines/llama-cpp/native/compute-lane.ts';
import { openLibrary } from '../../src/engines/llama-cpp/native/llama-library.ts';
import { openLlamaCppModel } from '../../src/engines/llama-cpp/open-llama-cpp-model.ts';
import { checkGgufFile } from '../../src/models/gguf/check-gguf-file.ts';
import type { GgufHeader } from '../../src/models/gguf/gguf-header.ts';
import { controlCandidates } from '../../src/models/gguf/control-candidates.ts';
import { tryLoad } from '../../src/engines/llama-cpp/trial/model/try-load.ts';
import type { ChildLine, FuzzResult, LoadPhase } from './fuzz-outcome.ts';

const library = openLibrary();
const lane = new ComputeLane(library, 1);

for (const file of process.argv.slice(2)) say({ file, result: await takeThrough(file) });
await lane.close();

async function takeThrough(file: string): Promise<FuzzResult> {
  let phase: LoadPhase = 'check';
  const enter = (next: LoadPhase): void => say({ file, phase: (phase = next) });
  try {
    enter('check');
    const header = await checkGgufFile(file);
    enter('probe');
    // What it refuses in words goes on to the real load, which repeats them.
    await tryLoad(file, { backend: 'auto' }).catch((error: unknown) => {
      if (!(error instanceof WellbegunError)) throw error;
    });
    enter('load');
    await load(file, header);
    return { outcome: 'loaded' };
  } catch (error) {
    return describe(error, phase);
  }
}

function describe(error: unknown, phase: LoadPhase): FuzzResult {
  if (error instanceof WellbegunError) {
    return { outcome: phase === 'check' ? 'refused by the check' : 'refused by llama.cpp' };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { outcome: phase === 'probe' ? 'crashed in the probe' : 'FAILED', detail: `${phase}: ${detail}` };
}

/** As `openGgufModel` does it, and a little of what a response does. */
async function load(path: string, header: GgufHeader): Promise<void> {
  const model = await openLlamaCppModel(library, {
    path,
    id: 'fuzz',
    lane,
    contextLength: 8192,
    gpuLayers: -1,
    repack: false,
    sequences: 8,
    controlCandidates: controlCandidates(header),
  });
  try {
    const bos = { text: model.info.bosText ?? '', control: true };
    const prompt = await model.encode([bos, { text: 'Rain fell, 🙂 雨 \n', control: false }]);
    if (prompt.length === 0) return;
    const generation = model.generate(prompt, { temperature: 0, maxTokens: 4 });
    for await (const { token } of generation) await model.score(prompt, [token, ...prompt], { statistics: true });
    await model.generate(prompt, { temperature: 1, topK: 5, topP: 0.9, minP: 0.1, seed: 1, maxTokens: 1 }).next();
  } finally {
    await model.close();
  }
}

/** At once: what is still in a buffer when the process crashes is lost. */
function say(line: ChildLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
