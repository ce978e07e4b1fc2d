import {
  type BatchEntry,
  ComputeLane,
  type NativeModelParts,
  type OutputHead,
  type PassOutput,
  createRowReader,
  openDecoder,
  openLibrary,
  openOutputHead,
} from '../src/engines/llama-cpp/index.ts';
import type { TokenId } from '../src/index.ts';
import { type Row, toRow } from './row.ts';

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 15, 16];

interface Opened extends NativeModelParts {
  readonly head: OutputHead;
}

/** Milliseconds of passes of each size, after one token of text. */
export async function measurePasses(
  path: string,
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<Row[]> {
  const library = openLibrary();
  const lane = new ComputeLane(library, threads);
  const options = { id: 'base', path, lane, gpuLayers: 0, repack: false, controlCandidates: [] };
  const opened = await openDecoder(library, { ...options, contextLength: 512, sequences: 1 }, 'rows', async (parts) => {
    const rows = createRowReader(parts.vocabulary.size);
    const head = parts.givesStates ? await openOutputHead({ ...parts, lane, rows }) : undefined;
    if (!head) throw new Error(`${path} has no output matrix that is applied apart from its passes.`);
    return { ...parts, head };
  });
  try {
    return await opened.context.turn(() => measureAll(opened, rounds));
  } finally {
    opened.head.close();
    opened.context.close();
    library.modelFree(opened.model);
    await lane.close();
  }
}

async function measureAll(opened: Opened, rounds: number): Promise<Row[]> {
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
  for (let round = -1; round < rounds; round++) {
    for (const size of SIZES) {
      const [whole, short, apart] = [
        await timePass(opened, size, 'logits'),
        await timePass(opened, size, 'states'),
        await timeProduct(opened, size),
      ];
      if (round < 0) continue;
      note(`whole-pass-${size}`, whole);
      note(`pass-without-matrix-${size}`, short);
      note(`matrix-apart-${size}`, apart);
    }
  }
  return [...times].map(([name, values]) => toRow(name, 'ms', values));
}

async function timePass({ context, vocabulary }: Opened, size: number, output: PassOutput): Promise<number> {
  const [first] = vocabulary.encodeWord('a');
  const entries = Array.from({ length: size + 1 }, (_, position): BatchEntry => {
    return { token: (first! + 13 * position) as TokenId, position, sequence: 0, row: true };
  });
  context.truncate(0, 0);
  await context.decode(entries.slice(0, 1));
  const start = performance.now();
  await context.decode(entries.slice(1), output);
  return performance.now() - start;
}

/** Of the states of the pass before, with the look at each row for its largest logit. */
async function timeProduct({ context, head }: Opened, size: number): Promise<number> {
  const states = Array.from({ length: size }, (_, i) => context.state(i).slice());
  const start = performance.now();
  await head.firstChoices(states);
  return performance.now() - start;
}
