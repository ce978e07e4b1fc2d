import { CapabilityError } from '../core/errors.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { promptedWriter } from '../core/prompted-writer.ts';
import { catalogue } from '../models/catalogue.ts';
import { chatTemplate } from '../prompts/chat-template.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { type Machine, openMachine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';
import { assertContext, openGgufModel } from './open-gguf-model.ts';

/** The models that strategies work with. */
export interface Models {
  readonly base?: LanguageModel;
  readonly baseFormat?: PromptFormat;
  readonly draft?: DraftWriter;
  close(): Promise<void>;
}

/** A draft and a base, ready to decode together. */
export type Pair = Required<Models>;

/**
 * Opens a draft and a base model: pulls what is missing, checks the files, loads them.
 *
 * @param shared the machine of several pairs, which stays open with them; by default a pair has one of its own
 * @throws ConfigError, ModelFileError, DownloadError, EngineError, CapabilityError
 */
export async function loadPair(settings: ModelSettings = {}, shared?: Machine): Promise<Pair> {
  return (await loadModels(settings, ['base', 'draft'], shared)) as Pair;
}

/** Opens only the models that are needed. */
export async function loadModels(
  settings: ModelSettings,
  needed: readonly ('base' | 'draft')[],
  shared?: Machine,
): Promise<Models> {
  const machine = shared ?? (await openMachine(settings));
  const opened: { close(): Promise<void> }[] = shared ? [] : [machine.lane];
  const close = async () => {
    for (const part of opened.reverse()) await part.close();
    opened.length = 0;
  };
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part);
    return part;
  };
  try {
    const base = needed.includes('base') ? await openBase(settings, machine, keep) : {};
    const draft = needed.includes('draft') ? await openDraft(settings, machine, keep) : {};
    return { ...base, ...draft, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Keep = <T extends { close(): Promise<void> }>(part: T) => T;

async function openBase(
  settings: ModelSettings,
  machine: Machine,
  keep: Keep,
): Promise<Pick<Pair, 'base' | 'baseFormat'>> {
  const base = keep(await openGgufModel(settings.base ?? catalogue.defaultPair.base, machine, settings));
  assertContext(base, settings);
  return { base, baseFormat: baseFormat(base, settings.template ?? 'plain') };
}

async function openDraft(settings: ModelSettings, machine: Machine, keep: Keep): Promise<Pick<Pair, 'draft'>> {
  const model = keep(await openGgufModel(settings.draft ?? catalogue.defaultPair.draft, machine, settings));
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
