import type { Backend } from '../../engines/llama-cpp/native/library-location.ts';
import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { loadProgress } from '../output/load-progress.ts';
import type { Terminal } from '../output/terminal.ts';
import { readTextFile } from '../read-input.ts';

/** What commander makes of `modelOptions` and `decodingOptions`. */
export interface CommandValues extends Pick<
  DecodeOptions,
  'gamma' | 'window' | 'criterion' | 'maxDraft' | 'maxTokens' | 'maxResponseTokens' | 'onNoSwitch' | 'system' | 'stop'
> {
  readonly base: string;
  readonly draft: string;
  readonly reward?: string;
  readonly aligner?: string;
  readonly strategy: StrategyChoice;
  readonly strategyModule?: string;
  readonly urialExamples?: string;
  readonly template: string;
  readonly draftTemplate?: string;
  readonly tokenizer?: string;
  readonly serverTimeout?: number;
  readonly baseKeyEnv?: string;
  readonly draftKeyEnv?: string;
  readonly alignerKeyEnv?: string;
  readonly rewardKeyEnv?: string;
  readonly threads?: number;
  readonly context?: number;
  readonly kvType: ModelSettings['kvType'];
  readonly gpuLayers: number;
  readonly backend: Backend;
  readonly repack: 'on' | 'off';
  readonly speculation: 'on' | 'off';
  readonly temperature: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly repetitionPenalty?: number;
  readonly seed?: number;
}

/** Reads the template files, so that the runtime gets their text. */
export async function modelSettings(
  values: Omit<CommandValues, 'criterion' | 'strategy'>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ModelSettings> {
  const { base, draft, reward, aligner, tokenizer, serverTimeout, threads, context, kvType, gpuLayers } = values;
  const { backend, template, draftTemplate, baseKeyEnv, draftKeyEnv, alignerKeyEnv, rewardKeyEnv } = values;
  const named = template === 'plain' || template === 'chat';
  return {
    base,
    draft,
    reward,
    aligner,
    tokenizer,
    serverTimeoutMs: serverTimeout === undefined ? undefined : serverTimeout * 1000,
    baseKeyEnv,
    draftKeyEnv,
    alignerKeyEnv,
    rewardKeyEnv,
    threads,
    context,
    kvType,
    gpuLayers,
    backend,
    repack: values.repack === 'on',
    template: named ? template : await readTextFile(template, '--template'),
    templateFile: named ? undefined : template,
    draftTemplate: draftTemplate === undefined ? undefined : await readTextFile(draftTemplate, '--draft-template'),
    draftTemplateFile: draftTemplate,
    progress: loadProgress(terminal),
    signal,
  };
}
