import { CapabilityError, ConfigError } from '../core/errors.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { promptedWriter } from '../core/prompted-writer.ts';
import type { RewardModel } from '../core/reward-model.ts';
import { catalogue } from '../models/catalogue.ts';
import { chatTemplate } from '../prompts/chat-template.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { type Machine, openMachine } from './machine.ts';
import type { ModelRole } from './model-role.ts';
import type { ModelSettings } from './model-settings.ts';
import { assertContext, openGgufModel } from './open-gguf-model.ts';
import { openReward } from './open-reward.ts';
import { openServerBase, openServerDraft } from './open-server-model.ts';
import { parseServerReference } from './server-reference.ts';

/** The models that strategies work with. */
export interface Models {
  readonly base?: LanguageModel;
  readonly baseFormat?: PromptFormat;
  readonly draft?: DraftWriter;
  readonly reward?: RewardModel;
  readonly aligner?: LanguageModel;
  close(): Promise<void>;
}

/** A draft and a base, ready to decode together. */
export type Pair = Models & Required<Pick<Models, 'base' | 'baseFormat' | 'draft'>>;

/**
 * Opens a draft and a base model: pulls what is missing, checks the files, loads them.
 *
 * @param shared the machine of several pairs, which stays open with them; by default a pair has one of its own
 * @throws ConfigError, ModelFileError, DownloadError, EngineError, CapabilityError
 */
export async function loadPair(settings: ModelSettings = {}, shared?: Machine): Promise<Pair> {
  return (await loadModels(settings, ['base', 'draft'], { shared })) as Pair;
}

/** How models are loaded, besides their settings. */
export interface LoadOptions {
  /** Texts that one response works on at the same time, see `textsAtOnce` of create-strategy.ts. Default: 1. */
  readonly textsAtOnce?: number;
  /** The machine of several pairs, which stays open with them. */
  readonly shared?: Machine | undefined;
}

/**
 * Opens only the models that are needed.
 *
 * @throws ConfigError for a model without a default that was not named
 */
export async function loadModels(
  settings: ModelSettings,
  needed: readonly ModelRole[],
  { textsAtOnce = 1, shared }: LoadOptions = {},
): Promise<Models> {
  const reward = needed.includes('reward') ? named(settings.reward, '--reward', 'a reward model') : undefined;
  const second = needed.includes('aligner') ? named(settings.aligner, '--aligner', 'an aligner') : undefined;
  const parallel = (settings.parallel ?? 1) * textsAtOnce;
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const part of opened.reverse()) await part.close();
    opened.length = 0;
  };
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part);
    return part;
  };
  // Models on servers need none.
  let machine = shared && Promise.resolve(shared);
  const open: Opening = { settings, keep, machine: () => (machine ??= startMachine(settings, keep)) };
  try {
    const base = needed.includes('base') ? await openBase({ ...open, settings: { ...settings, parallel } }) : {};
    const draft = needed.includes('draft') ? await openDraft(open) : {};
    return {
      ...base,
      ...draft,
      ...(reward !== undefined && {
        reward: keep(await openReward(reward, await open.machine(), settings, { parallel })),
      }),
      ...(second !== undefined && { aligner: keep(await openGgufModel(second, await open.machine(), settings)) }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function named(reference: string | undefined, option: string, words: string): string {
  if (reference !== undefined) return reference;
  throw new ConfigError(`no-${option.slice(2)}`, `This strategy needs ${words}: name one with ${option} MODEL.`);
}

type Keep = <T extends { close(): Promise<void> }>(part: T) => T;

interface Opening {
  readonly settings: ModelSettings;
  readonly keep: Keep;
  readonly machine: () => Promise<Machine>;
}

async function startMachine(settings: ModelSettings, keep: Keep): Promise<Machine> {
  const machine = await openMachine(settings);
  keep(machine.lane);
  return machine;
}

async function openBase({ settings, keep, machine }: Opening): Promise<Pick<Pair, 'base' | 'baseFormat'>> {
  const reference = settings.base ?? catalogue.defaultPair.base;
  const server = parseServerReference(reference, '--base');
  const base = keep(
    server ? await openServerBase(server, settings) : await openGgufModel(reference, await machine(), settings),
  );
  assertContext(base, settings);
  return { base, baseFormat: baseFormat(base, settings.template ?? 'plain') };
}

async function openDraft({ settings, keep, machine }: Opening): Promise<Pick<Pair, 'draft'>> {
  const reference = settings.draft ?? catalogue.defaultPair.draft;
  const server = parseServerReference(reference, '--draft');
  if (server) return { draft: keep(await openServerDraft(server, settings)) };
  const model = keep(await openGgufModel(reference, await machine(), settings));
  return { draft: promptedWriter(model, ownTemplate(model, settings.draftTemplate, '--draft-template')) };
}

function baseFormat(base: LanguageModel, template: string): PromptFormat {
  if (template === 'plain') return plainForm({ bosText: base.info.bosText });
  return ownTemplate(base, template === 'chat' ? undefined : template, '--template');
}

function ownTemplate({ id, info }: LanguageModel, override: string | undefined, option: string): PromptFormat {
  const source = override ?? info.chatTemplate;
  if (source === undefined) {
    throw new CapabilityError(
      'no-chat-template',
      `${id} has no chat template in its file: give one with ${option} FILE, or choose an instruction-tuned model.`,
    );
  }
  const { bosText, eosText, controlTexts } = info;
  return chatTemplate({ source, owner: id, bosText, eosText, controlTexts });
}
