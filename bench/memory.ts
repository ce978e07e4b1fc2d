import { parseArgs } from 'node:util';
import { openLibrary } from '../src/engines/llama-cpp/index.ts';
import { pullModel } from '../src/index.ts';
import { catalogue, readGgufHeader } from '../src/models/index.ts';
import { keyValueShape } from './memory/key-value-bytes.ts';
import { type MemoryCase, memoryPage } from './memory/memory-page.ts';
import { type ContextSetting, reportedMemory } from './memory/reported-memory.ts';
import { writePage } from './write-page.ts';

const HELP = `npm run bench:memory -- [--docs DIR]
Compares the formula for the KV cache's memory with llama.cpp's report, on the default pair; writes DIR/memory.md (docs).`;

/** Of the settings that a user has. */
const SETTINGS: readonly Omit<ContextSetting, 'path'>[] = [
  { cells: 2048, sequences: 1, type: 'f16', slidingWindowInFull: true },
  { cells: 8192, sequences: 1, type: 'f16', slidingWindowInFull: true },
  { cells: 8192, sequences: 8, type: 'f16', slidingWindowInFull: true },
  { cells: 8192, sequences: 1, type: 'q8_0', slidingWindowInFull: true },
  { cells: 8192, sequences: 8, type: 'q8_0', slidingWindowInFull: true },
  { cells: 8192, sequences: 1, type: 'f16', slidingWindowInFull: false },
];

const { values } = parseArgs({
  options: { docs: { type: 'string', default: 'docs' }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const library = openLibrary();
  const cases: MemoryCase[] = [];
  for (const model of [catalogue.defaultPair.base, catalogue.defaultPair.draft]) {
    const path = await pullModel(model);
    const header = await readGgufHeader(path);
    const shape = keyValueShape(header);
    const hasWindow = [...header.metadata.keys()].some((key) => key.endsWith('.attention.sliding_window'));
    for (const each of SETTINGS.filter(({ slidingWindowInFull }) => slidingWindowInFull || hasWindow)) {
      const setting = { ...each, path };
      cases.push({ model, shape, setting, reported: await reportedMemory(library, setting) });
    }
  }
  await writePage(`${values.docs}/memory.md`, memoryPage(cases, library.version()));
}
