/**
 * Writes the last hidden state of each response of preference pairs, as the engine computes it: what
 * train_reward_head.py trains on. A run that was stopped goes on where it was.
 */
import { appendFileSync } from 'node:fs';
import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chatTemplate, defaultThreads, openMachine, pullModel } from '../../src/index.ts';
import { checkGgufFile, controlCandidates } from '../../src/models/index.ts';
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
const done = await resume(out, { model: name, hiddenSize: model.hiddenSize, ggufBytes: (await stat(path)).size });
const file = join(out, 'states.f32');
let number = done;
for await (const pair of preferencePairs(pairs, Number(values.first) + done, Number(last))) {
  appendFileSync(file, Buffer.concat((await statesOf(pair)).map(({ buffer }) => new Uint8Array(buffer))));
  if (++number % 20 === 0) console.error(`${number} pairs`);
}
await model.close();
await machine.lane.close();

async function statesOf({ messages, chosen, rejected }: PreferencePair): Promise<Float32Array[]> {
  const texts = [chosen, rejected].map((content) => form.format([...messages, { role: 'assistant', content }]).text);
  return model.hiddenStates(await Promise.all(texts.map((text) => model.encode(text))));
}

/** How many whole pairs an earlier run with the same settings left. */
async function resume(folder: string, notes: Readonly<Record<string, string | number>>): Promise<number> {
  const [noted, states] = [join(folder, 'states.json'), join(folder, 'states.f32')];
  const text = JSON.stringify({ ...notes, pairs, first: Number(values.first) });
  const before = await readFile(noted, 'utf8').catch(() => undefined);
  if (before === undefined) await writeFile(noted, text);
  else if (before !== text) throw new Error(`${folder} holds states of other settings (${before}): remove it.`);
  const pairBytes = 2 * 4 * model.hiddenSize;
  const count = Math.floor(((await stat(states).catch(() => undefined))?.size ?? 0) / pairBytes);
  if (count > 0) await truncate(states, count * pairBytes);
  return count;
}
