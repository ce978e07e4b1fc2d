import { settingName } from '../../core/setting-name.ts';
import { CapabilityError, ConfigError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/language-model.ts';
import type { PromptFormat } from '../../core/prompt-format.ts';
import { promptedReward } from '../../core/prompted-reward.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { assertReadsPairs } from '../../models/gguf/assert-reads-pairs.ts';
import { checkGgufFile } from '../../models/gguf/check-gguf-file.ts';
import { hasClassifier } from '../../models/gguf/check-classifier.ts';
import { readGgufHeader } from '../../models/gguf/read-gguf-header.ts';
import { parseModelReference } from '../../models/model-reference.ts';
import { readRewardHead } from '../../models/safetensors/read-reward-head.ts';
import { chatTemplate } from '../../prompts/chat-template.ts';
import { pairForm } from '../../prompts/pair-form.ts';
import { controlCandidates } from '../../models/gguf/control-candidates.ts';
import type { Machine } from '../machine.ts';
import type { ModelSettings } from '../model-settings.ts';
import { type PulledFile, pullFile } from '../model-source.ts';
import { assertLoads } from '../../engines/llama-cpp/trial/model/assert-loads.ts';
import { readRewardFile } from './read-reward-file.ts';
import type { RewardReference } from './reward-reference.ts';

const DEFAULT_CONTEXT = 8192;

type Located = RewardReference & PulledFile;

/** A classifier by its own tensors, or a decoder with a reward head in a file beside it. */
export async function openEmbeddedReward(
  reference: RewardReference,
  machine: Machine,
  settings: ModelSettings,
  parallel: number,
): Promise<RewardModel> {
  const { target } = reference;
  const file = await pullFile(target, parseModelReference(target), settings);
  const located = { ...reference, ...file };
  const loaded = settings.progress?.load?.(file.id);
  try {
    const header = await readGgufHeader(file.path);
    if (!hasClassifier(header)) return await openDecoder(located, machine, settings, parallel);
    if (reference.options.template === undefined) assertReadsPairs(header, file.id);
    return await openClassifier(located, machine, settings);
  } finally {
    loaded?.();
  }
}

async function openClassifier(located: Located, machine: Machine, settings: ModelSettings): Promise<RewardModel> {
  const { id, options } = located;
  refuse(options.head, `${id} has a classification head of its own: leave #head= out.`);
  const template = await readTemplate(located);
  const file = await checkedFile(located, machine, settings, 'classifier');
  const scorer = await machine.engine.openEncoderScorer(machine.library, { ...file, label: options.label });
  return await orClosed(scorer, () => {
    const source = template ?? scorer.info.chatTemplate;
    return promptedReward(
      scorer,
      source === undefined ? pairForm(scorer.pairTexts) : completeForm(template, scorer, options.template),
    );
  });
}

async function openDecoder(
  located: Located,
  machine: Machine,
  settings: ModelSettings,
  parallel: number,
): Promise<RewardModel> {
  const { id, path, options } = located;
  refuse(options.label, `${id} has no classes, but a reward head: leave #label= out.`);
  const template = await readTemplate(located);
  const head = await readRewardHead(options.head ?? path.replace(/\.gguf$/i, '.reward.safetensors'), path);
  const file = await checkedFile(located, machine, settings, 'writer');
  const model = await machine.engine.openHiddenStateModel(machine.library, { ...file, sequences: parallel });
  return await orClosed(model, () => {
    return promptedReward(machine.engine.headScorer(model, head), completeForm(template, model, options.template));
  });
}

/** What is made of a model that was opened for it, and is closed where that fails. */
async function orClosed<T>(model: { close(): Promise<void> }, make: () => T): Promise<T> {
  try {
    return make();
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function checkedFile(
  { id, path, strange }: Located,
  { lane, library }: Machine,
  { context = DEFAULT_CONTEXT, gpuLayers = -1, repack = false, reproducible, signal }: ModelSettings,
  purpose: 'writer' | 'classifier',
) {
  const header = await checkGgufFile(path, purpose);
  if (strange) await assertLoads(path, { build: library.location, gpuLayers, signal, purpose });
  const loading = { contextLength: context, gpuLayers, repack, reproducible };
  return { path, id, lane, ...loading, controlCandidates: controlCandidates(header) };
}

async function readTemplate({ options: { template } }: Located): Promise<string | undefined> {
  return template === undefined ? undefined : await readRewardFile(template, 'template');
}

function completeForm(
  template: string | undefined,
  { id, info }: { readonly id: string; readonly info: ModelInfo },
  file: string | undefined,
): PromptFormat {
  const source = template ?? info.chatTemplate;
  if (source === undefined) {
    throw new CapabilityError(
      'no-chat-template',
      `${id} has no chat template in its file: give one with #template=FILE behind its name.`,
    );
  }
  const { bosText, addsBos, eosText, controlTexts } = info;
  const origin = { own: template === undefined, file, replacement: '#template=FILE behind its name' };
  return chatTemplate({ source, owner: id, bosText, addsBos, eosText, controlTexts, complete: true, ...origin });
}

function refuse(option: string | undefined, sentence: string): void {
  if (option !== undefined) throw new ConfigError('bad-reward', `${settingName('reward')}: ${sentence}`);
}
