import { statSync } from 'node:fs';
import { settingName } from '../core/setting-name.ts';
import { CapabilityError, ConfigError } from '../core/errors.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { promptedWriter } from '../core/prompted-writer.ts';
import type { RewardModel } from '../core/reward-model.ts';
import { keyVariable } from '../engines/http/server-key.ts';
import { chatTemplate } from '../prompts/chat-template.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { checkModelSettings } from './check-model-settings.ts';
import { type Machine, openMachine } from './machine.ts';
import type { ModelRole } from './model-role.ts';
import type { ModelSettings } from './model-settings.ts';
import { assertContext, openGgufModel } from './open-gguf-model.ts';
import { isOnServer, type ModelSource } from './model-source.ts';
import { assertReproducible, canBeReproducible } from './reproducible.ts';
import { findSources, type NamedModels, nameModels } from './name-models.ts';
import { openReward } from './open-reward.ts';
import { openServerBase, openServerDraft } from './open-server-model.ts';

/** llama.cpp has 256 sequences, and a text of a model with a sliding window takes two. */
const MOST_TEXTS = 128;

const LARGEST_SMALL_BYTES = 2 ** 30;

/** The models that strategies work with. */
export interface Models {
  readonly base?: LanguageModel;
  readonly baseFormat?: PromptFormat;
  readonly draft?: DraftWriter;
  readonly reward?: RewardModel;
  readonly aligner?: LanguageModel;
  readonly judge?: RewardModel;
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
  /** What holds where the setting `reproducible` is left out: `where-possible` is on the CPU of this process. Default: off. */
  readonly reproducible?: 'where-possible' | undefined;
  /** True: for a single answer. Weights stay mapped from their files, which loads faster and computes slower. Default: false. */
  readonly briefly?: boolean;
  /** The machine of several pairs, which stays open with them. */
  readonly shared?: Machine | undefined;
}

/**
 * Opens only the models that are needed, a large base last: what was mistyped is found before anything is pulled, and what
 * is damaged or does not fit before it is loaded.
 *
 * @throws ConfigError for a model without a default that was not named, and for settings out of range
 */
export async function loadModels(
  given: ModelSettings,
  needed: readonly ModelRole[],
  { textsAtOnce = 1, shared, reproducible, briefly = false }: LoadOptions = {},
): Promise<Models> {
  checkModelSettings(given);
  const names = nameModels(given, needed);
  assertReproducible(given, names);
  const parallel = (given.parallel ?? 1) * textsAtOnce;
  const opened: { close(): Promise<void> }[] = [];
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeLastFirst(opened));
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part);
    return part;
  };
  // Models on servers need none.
  let machine = shared && Promise.resolve(shared);
  const startedMachine = () => (machine ??= startMachine(given, keep));
  try {
    if (Object.values(names.models).some(({ server }) => !server)) {
      assertTexts(parallel);
      await startedMachine();
    }
    const isDefault = given.reproducible === undefined && reproducible === 'where-possible';
    const isReproducible = isDefault && (await canBeReproducible(given, names, startedMachine));
    const settings = isReproducible ? { ...given, reproducible: true } : given;
    const open: Opening = { settings, briefly, keep, machine: startedMachine };
    const sources = await findSources(names.models, settings);
    const others = {
      ...(await openRewards(names, open, parallel)),
      ...(sources.aligner && { aligner: await openAligner(sources.aligner, open) }),
    };
    const { draft, base } = sources;
    const pair = await inTurnUnlessSmall([
      [draft, async () => draft && (await openDraft(draft, open))],
      [base, async () => base && (await openBase(base, { ...open, settings: { ...settings, parallel } }))],
    ]);
    return { ...others, ...pair[0], ...pair[1], close };
  } catch (error) {
    await close();
    throw error;
  }
}

type OpeningOf<T> = readonly [source: ModelSource | undefined, open: () => Promise<T>];

/** Models that load in about a second are opened side by side; of larger ones, what is wrong with the first is told at once. */
async function inTurnUnlessSmall<A, B>([first, second]: readonly [OpeningOf<A>, OpeningOf<B>]): Promise<[A, B]> {
  const areSmall = [first, second].every(([source]) => source && !isOnServer(source) && isSmallFile(source.path));
  if (!areSmall) return [await first[1](), await second[1]()];
  const opened = await Promise.allSettled([first[1](), second[1]()]);
  for (const each of opened) if (each.status === 'rejected') throw each.reason;
  return opened.map((each) => (each as PromiseFulfilledResult<A | B>).value) as [A, B];
}

function isSmallFile(path: string): boolean {
  return statSync(path).size <= LARGEST_SMALL_BYTES;
}

async function closeLastFirst(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts.toReversed()) await part.close();
}

function assertTexts(parallel: number): void {
  if (parallel <= MOST_TEXTS) return;
  throw new ConfigError(
    'bad-parallel',
    `A model in the process holds at most ${MOST_TEXTS} texts at a time, not ${parallel}: lower ${settingName('parallel')}, or the n of best-of-n.`,
  );
}

type Keep = <T extends { close(): Promise<void> }>(part: T) => T;

interface Opening {
  readonly settings: ModelSettings;
  readonly briefly: boolean;
  readonly keep: Keep;
  readonly machine: () => Promise<Machine>;
}

async function startMachine(settings: ModelSettings, keep: Keep): Promise<Machine> {
  const machine = await openMachine(settings);
  keep(machine.lane);
  return machine;
}

async function openBase(
  source: ModelSource,
  { settings, briefly, keep, machine }: Opening,
): Promise<Pick<Pair, 'base' | 'baseFormat'>> {
  const base = keep(
    isOnServer(source)
      ? await openServerBase(source, settings)
      : await openGgufModel(source, await machine(), settings, { briefly }),
  );
  assertContext(base, settings);
  return { base, baseFormat: baseFormat(base, settings) };
}

async function openDraft(
  source: ModelSource,
  { settings, briefly, keep, machine }: Opening,
): Promise<Pick<Pair, 'draft'>> {
  if (isOnServer(source)) return { draft: keep(await openServerDraft(source, settings)) };
  const model = keep(await openGgufModel(source, await machine(), settings, { briefly }));
  const given = { source: settings.draftTemplate, file: settings.draftTemplateFile };
  return { draft: promptedWriter(model, ownTemplate(model, given, settingName('draftTemplate'))) };
}

/** One model may be both. */
async function openRewards(
  { reward, judge }: NamedModels,
  { settings, keep, machine }: Opening,
  parallel: number,
): Promise<Pick<Models, 'reward' | 'judge'>> {
  const open = async (reference: string) => keep(await openReward(reference, settings, { parallel, machine }));
  const opened = reward === undefined ? undefined : await open(reward);
  return {
    ...(opened && { reward: opened }),
    ...(judge !== undefined && { judge: opened && judge === reward ? opened : await open(judge) }),
  };
}

/** Their servers don't tell the bytes of tokens. The others' own tokenizers are asked: the file is that of the base. */
const NEEDS_TOKENIZER: ReadonlySet<string> = new Set(['sglang', 'openai']);

/** The second model of `aligner` gets plain text, as the base does, and in no template. */
async function openAligner(source: ModelSource, { settings, briefly, keep, machine }: Opening): Promise<LanguageModel> {
  if (!isOnServer(source)) return keep(await openGgufModel(source, await machine(), settings, { briefly }));
  const tokenizer = NEEDS_TOKENIZER.has(source.engine) ? settings.tokenizer : undefined;
  const key = { role: 'aligner', variable: settings.alignerKeyEnv ?? keyVariable('aligner') } as const;
  return keep(await openServerBase(source, { ...settings, template: undefined, tokenizer }, key));
}

/** How a base sees a conversation. @throws CapabilityError, ModelFileError for a template that can't be used */
export function baseFormat(
  base: LanguageModel,
  { template = 'plain', templateFile: file }: Pick<ModelSettings, 'template' | 'templateFile'>,
): PromptFormat {
  if (template === 'plain') return plainForm(base.info);
  return ownTemplate(base, template === 'chat' ? {} : { source: template, file }, settingName('template'));
}

interface GivenTemplate {
  readonly source?: string | undefined;
  readonly file?: string | undefined;
}

/** The template that was given in place of the model's own one, or else that one. */
function ownTemplate({ id, info }: LanguageModel, given: GivenTemplate, option: string): PromptFormat {
  const source = given.source ?? info.chatTemplate;
  if (source === undefined) {
    throw new CapabilityError(
      'no-chat-template',
      `${id} has no chat template in its file: give one with ${option} FILE, or choose an instruction-tuned model.`,
    );
  }
  const { bosText, addsBos, eosText, controlTexts } = info;
  const origin = { own: given.source === undefined, file: given.file, replacement: `${option} FILE` };
  return chatTemplate({ source, owner: id, bosText, addsBos, eosText, controlTexts, ...origin });
}
