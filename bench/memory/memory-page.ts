import type { ContextSetting, ReportedMemory } from './reported-memory.ts';
import { keyValueBytesPerToken, type KeyValueShape } from './key-value-bytes.ts';

export interface MemoryCase {
  readonly model: string;
  readonly shape: KeyValueShape;
  readonly setting: ContextSetting;
  readonly reported: ReportedMemory;
}

const MIB = 1 << 20;

/** What the formula says, beside what llama.cpp says. */
export function memoryPage(cases: readonly MemoryCase[], llamaCpp: string): string {
  const models = [...new Map(cases.map((each) => [each.model, each])).values()];
  return `# Memory

Written by \`npm run bench:memory\`, never by hand; llama.cpp ${llamaCpp}.

**Weights** are in memory once, however many requests run. On Linux they lie in huge pages of the process where those are
to be had; otherwise, and where a model is larger than half of the free memory, the file is mapped, and its pages are
shared with other processes that map it.

**The KV cache** has \`--context\` cells for each of the two models (at most what the model was trained for). A cell is a
token, and takes

    bytes per token = Σ over layers: key-value heads · (key length + value length) · bytes
                    = 2 · layers · key-value heads · head length · bytes      (where layers and lengths are equal)

with 2 bytes for \`f16\`, and 34/32 for \`q8_0\` (32 numbers and a scale of two bytes).

- _Sequences share the cells._ \`parallel\` requests, and the conversations that are kept, fill one cache: more of them
  take no more memory, and each has what the others leave.
- _Layers with a sliding window are held in full_ (\`swa_full\`). A window of 512 cells would be smaller, but what has
  slid out of it is lost: a switch cuts the cache back to the accepted token, and the next turn of a conversation goes on
  from any of its places. With several sequences, each has a second one for the same cells, for what one sequence alone
  holds outside of its window llama.cpp gives to the others.
- A prefix that two requests share is held once.

${table(
  [
    'model',
    'layers',
    'key-value heads, all layers',
    'key, value length',
    'f16, bytes per token',
    'q8_0, bytes per token',
  ],
  models.map(({ model, shape }) => [
    `\`${model}\``,
    shape.layers,
    shape.headsOfAllLayers,
    `${shape.keyLength}, ${shape.valueLength}`,
    keyValueBytesPerToken(shape, 'f16'),
    keyValueBytesPerToken(shape, 'q8_0'),
  ]),
)}

The formula beside llama.cpp's own report (it rounds to 0.01 MiB), MiB:

${table(
  ['model', 'cells', 'sequences', 'type', 'window layers', 'formula', 'reported', 'weights', 'buffers of a pass'],
  cases.map(({ model, shape, setting, reported }) => [
    `\`${model}\``,
    setting.cells,
    setting.sequences,
    setting.type,
    setting.slidingWindowInFull ? 'in full' : 'the window only',
    setting.slidingWindowInFull ? mib(setting.cells * keyValueBytesPerToken(shape, setting.type)) : '',
    mib(reported.keyValueMib * MIB),
    mib(reported.weightsMib * MIB),
    mib(reported.computeMib * MIB),
  ]),
)}

Beside these, the rows of logits of one pass: up to 32 rows of 4 bytes a vocabulary entry, 32 MiB for 262,144 tokens.
Where rows are made apart from passes ([decision 10](decisions/0010-rows-on-demand.md)), another 41 MiB there: 32 rows, and
shortlists of tokens.
`;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(2);
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
