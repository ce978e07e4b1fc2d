/**
 * Damages the tiny models in many ways and loads each as the product does. A crash in the probe, which the product runs
 * in a process of its own, is a clean error there; a crash anywhere else is a failure.
 *
 *     node test/fuzz/fuzz-native.ts [--count N] [--seed S]
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WellbegunError } from '../../src/core/errors.ts';
import { locateLibrary } from '../../src/engines/llama-cpp/native/library-location.ts';
import { assertLoads } from '../../src/engines/llama-cpp/trial/model/assert-loads.ts';
import { ProbedFiles } from '../../src/engines/llama-cpp/trial/model/probed-files.ts';
import { makeTinyModels } from '../fixtures/tiny-gguf/make-tiny-models.ts';
import { FUZZ_OUTCOMES, type FuzzOutcome, type FuzzResult } from './fuzz-outcome.ts';
import { mutateGguf } from './mutate-gguf.ts';
import { runFiles } from './run-files.ts';

const BATCH = 50;

const { values } = parseArgs({
  options: { count: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  console.error('Usage: node test/fuzz/fuzz-native.ts [--count N] [--seed S], both whole numbers.');
  process.exit(2);
}

const directory = await mkdtemp(join(tmpdir(), 'wellbegun-fuzz-'));
const tally = new Map<string, Record<FuzzOutcome, number>>();
let failed = 0;
try {
  const originals = Object.values(await makeTinyModels(directory));
  const untouched = await runFiles(originals);
  for (const [path, result] of untouched) {
    if (result.outcome !== 'loaded') report(path, 'none', { ...result, outcome: 'FAILED' });
  }
  const contents = await Promise.all(originals.map((path) => readFile(path)));
  for (let from = 0; from < count; from += BATCH) await fuzz(contents, from, Math.min(from + BATCH, count));
} finally {
  await rm(directory, { recursive: true });
}
console.table(Object.fromEntries([...tally].sort(([a], [b]) => a.localeCompare(b))));
console.log(`${count - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function fuzz(contents: readonly Buffer[], from: number, to: number): Promise<void> {
  const kinds = new Map<string, string>();
  for (let i = from; i < to; i++) {
    const { bytes, kind } = mutateGguf(contents[i % contents.length]!, seed * 1_000_003 + i);
    const path = join(directory, `${i}.gguf`);
    await writeFile(path, bytes);
    kinds.set(path, kind);
  }
  for (const [path, result] of await runFiles([...kinds.keys()])) {
    const isolated = result.outcome === 'crashed in the probe' ? await confirmIsolated(path, result) : result;
    report(path, kinds.get(path)!, isolated);
    await rm(path);
  }
}

/** The product's own probe must turn the crash into an error. */
async function confirmIsolated(path: string, result: FuzzResult): Promise<FuzzResult> {
  const probed = new ProbedFiles('fuzz', join(directory, 'probed'));
  try {
    await assertLoads(path, { build: locateLibrary('auto'), gpuLayers: -1, probed, timeoutMs: 120_000 });
    return { outcome: 'FAILED', detail: `${result.detail ?? ''}, but not in the product's own probe` };
  } catch (error) {
    return error instanceof WellbegunError ? result : { outcome: 'FAILED', detail: String(error) };
  }
}

function report(path: string, kind: string, { outcome, detail }: FuzzResult): void {
  const row =
    tally.get(kind) ?? (Object.fromEntries(FUZZ_OUTCOMES.map((name) => [name, 0])) as Record<FuzzOutcome, number>);
  row[outcome]++;
  tally.set(kind, row);
  if (outcome === 'FAILED') failed++;
  if (detail !== undefined) console.log(`${path.slice(directory.length + 1)} (${kind}) ${outcome}: ${detail}`);
}
