/**
 * Writes the last hidden state of each response of preference pairs, as the engine computes it: what
 * train_reward_head.py trains on. A run that was stopped goes on where it was.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { chatTemplate, defaultThreads, openMachine, pullModel } from '../../src/index.ts';
import { checkGgufFile, controlCandidates, rememberedSha256 } from '../../src/models/index.ts';
import { lineParser, openRecording } from '../../src/recording/index.ts';
import { type PreferencePair, preferencePairs } from './preference-pairs.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'smollm2-135m-instruct' },
    pairs: { type: 'string' },
    first: { type: 'string', default: '1' },
    last: { type: 'string' },
    out: { type: 'string' },
    threads: { type: 'string', default: String(defaultThreads()) },
  },
});
const { model: name, pairs, out, last } = values;
if (pairs === undefined || out === undefined || last === undefined) {
  throw new Error('Give --pairs FILE, --last LINE and --out FOLDER; --model, --first and --threads have defaults.');
}

/** States of one pair: base64 of little-endian 32-bit floats, as many as the model's hidden size. */
const statesLine = z.object({ line: z.int(), chosen: z.string(), rejected: z.string() });
type StatesLine = z.infer<typeof statesLine>;

const path = await pullModel(name);
const machine = await openMachine({ threads: Number(values.threads) });
const model = await machine.engine.openHiddenStateModel(machine.library, {
  path,
  id: name,
  lane: machine.lane,
  contextLength: 4096,
  gpuLayers: 0,
  repack: true,
  sequences: 2,
  controlCandidates: controlCandidates(await checkGgufFile(path)),
});
const { chatTemplate: source, bosText, addsBos, eosText, controlTexts } = model.info;
if (source === undefined) throw new Error(`${name} has no chat template.`);
const form = chatTemplate({ source, owner: name, bosText, addsBos, eosText, controlTexts, complete: true });

await mkdir(out, { recursive: true });
await using recording = await openRecording<StatesLine, number>(join(out, 'states.jsonl'), {
  writer: 'write-states',
  elsewhere: 'name another folder with --out',
  fingerprint: {
    model: { named: name, sha256: await rememberedSha256(path) },
    pairs: { named: pairs, sha256: await rememberedSha256(pairs) },
    hiddenSize: model.hiddenSize,
    ggufBytes: (await stat(path)).size,
  },
  parse: lineParser(statesLine),
  idOf: ({ line }) => line,
});
let line = Number(values.first) - 1;
for await (const pair of preferencePairs(pairs, line + 1, Number(last))) {
  if (recording.has(++line)) continue;
  const [chosen, rejected] = await statesOf(pair);
  await recording.append({ line, chosen: chosen!, rejected: rejected! });
  if (recording.size % 20 === 0) console.error(`${recording.size} pairs`);
}
await model.close();
await machine.lane.close();

async function statesOf({ messages, chosen, rejected }: PreferencePair): Promise<string[]> {
  const texts = [chosen, rejected].map((content) => form.format([...messages, { role: 'assistant', content }]).text);
  const states = await model.hiddenStates(await Promise.all(texts.map((text) => model.encode(text))));
  return states.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  );
}
