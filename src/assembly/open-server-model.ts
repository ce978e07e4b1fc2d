import { settingName } from '../core/setting-name.ts';
import { CapabilityError, ConfigError } from '../core/errors.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import type { LanguageModel } from '../core/language-model.ts';
import { keyVariable, serverKey } from '../engines/http/server-key.ts';
import type { NetworkModelOptions } from '../engines/network/network-model-options.ts';
import type { ModelSettings } from './model-settings.ts';
import type { ServerEngine, ServerReference } from './server-reference.ts';

/** Where a server's key comes from. */
export interface KeySource {
  /** As messages call the model. */
  readonly role: 'base' | 'draft' | 'aligner';
  /** Given by a program. */
  readonly key?: string | undefined;
  /** The environment variable that holds it otherwise. */
  readonly variable: string;
}

export function baseKeyOf({ baseKey, baseKeyEnv }: ModelSettings): KeySource {
  return { role: 'base', key: baseKey, variable: baseKeyEnv ?? keyVariable('base') };
}

export function draftKeyOf({ draftKey, draftKeyEnv }: ModelSettings): KeySource {
  return { role: 'draft', key: draftKey, variable: draftKeyEnv ?? keyVariable('draft') };
}

type OpenBase = (options: NetworkModelOptions) => Promise<LanguageModel>;

/** Loaded when they are first needed. */
const BASES: Readonly<Record<Exclude<ServerEngine, 'chat'>, () => Promise<OpenBase>>> = {
  vllm: async () => (await import('../engines/vllm/open-vllm-model.ts')).openVllmModel,
  sglang: async () => (await import('../engines/sglang/open-sglang-model.ts')).openSglangModel,
  'llama-server': async () => (await import('../engines/llama-server/open-llama-server-model.ts')).openLlamaServerModel,
  openai: async () => (await import('../engines/openai/open-openai-model.ts')).openOpenaiModel,
};

/**
 * Connects to a base on a server, and tries whether it scores.
 *
 * @throws ConfigError, EngineError, CapabilityError
 */
export async function openServerBase(
  { engine, address }: ServerReference,
  settings: ModelSettings,
  key: KeySource = baseKeyOf(settings),
): Promise<LanguageModel> {
  if (engine === 'chat') {
    throw new CapabilityError(
      'chat-base',
      'A chat endpoint can be a draft, not a base: a base has to score given tokens. Use vllm:, sglang:, llama-server: or openai:.',
    );
  }
  if ((settings.template ?? 'plain') !== 'plain' && settings.tokenizer === undefined) {
    throw new ConfigError(
      'no-tokenizer',
      `${settingName('template')} for a base on a server needs all control tokens of its vocabulary, which ${engine} does not tell: give the model's tokenizer.json with ${settingName('tokenizer')}.`,
    );
  }
  const open = await BASES[engine]();
  const options = await serverOptions(key, { engine, address }, settings);
  return await announced(`the ${key.role} at ${address.url}`, settings, () => open(options));
}

/** Connects to a draft on a server: its chat endpoint, which applies the model's own chat template. */
export async function openServerDraft(reference: ServerReference, settings: ModelSettings): Promise<DraftWriter> {
  const { engine, address } = reference;
  if (settings.draftTemplate !== undefined) {
    throw new ConfigError(
      'two-templates',
      `${settingName('draftTemplate')} can't be used with ${engine}:, whose server applies the model's own chat template: set it there.`,
    );
  }
  const { openChatWriter } = await import('../engines/chat/open-chat-writer.ts');
  const options = await serverOptions(draftKeyOf(settings), reference, settings);
  return await announced(`the draft at ${address.url}`, settings, () => openChatWriter({ ...options, engine }));
}

async function serverOptions(
  { key, variable }: KeySource,
  { address }: ServerReference,
  { serverTimeoutMs, tokenizer, context, signal }: ModelSettings,
): Promise<NetworkModelOptions> {
  return {
    address,
    key: key ?? (await serverKey(variable)),
    keyVariable: variable,
    timeoutMs: serverTimeoutMs,
    tokenizer,
    contextLength: context,
    signal,
  };
}

async function announced<T>(name: string, { progress }: ModelSettings, work: () => Promise<T>): Promise<T> {
  const loaded = progress?.load?.(name);
  try {
    return await work();
  } finally {
    loaded?.();
  }
}
