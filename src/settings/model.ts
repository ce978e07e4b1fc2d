import { z } from 'zod';
import { ANY_TEXT, MOST_INT, ON_OFF, oneOf, TEXT, wholeNumber } from './rules.ts';
import type { Options, SettingTable } from './setting.ts';

/** GGML_MAX_N_THREADS of llama.cpp, which ends the process beyond. */
const MOST_THREADS = 512;

const MODEL = { group: 'Models:', effect: 'text' } as const;
const EMBEDDED = { ...MODEL, effect: 'time', embedded: true } as const;
const NAMED = { ...MODEL, ...TEXT, value: '<model>', file: 'path' } as const;
const KEY_VARIABLE = { ...MODEL, ...TEXT, form: 'variable', value: '<name>', effect: 'neither' } as const;
const KEY = { ...TEXT, effect: 'neither', secret: true } as const;

/** How models are found, loaded and prompted. */
export const modelSettings = {
  /**
   * A catalogue name, a path to a .gguf file, `hf:owner/repo/file.gguf`, or a server such as `vllm:http://host:8000`.
   * Default: the catalogue's pair.
   */
  base: {
    ...NAMED,
    words:
      'base model: a catalogue name, a .gguf file, hf:owner/repo/file.gguf, or a server: vllm:, sglang:, llama-server: or openai:http://host:port[#model]',
  },
  draft: { ...NAMED, words: 'aligned draft model, named likewise; chat:https://… for any chat endpoint' },
  /** What strategies with a reward use; no default. */
  reward: { ...NAMED, words: 'reward model, for strategies that use one', usedBy: 'reward' },
  /** The second model of the strategy `aligner`; no default. */
  aligner: { ...NAMED, words: 'second model of the strategy aligner, named like the base', usedBy: 'aligner' },
  /** What rewards finished responses; may be the same as `reward`, and is then opened once. No default. */
  judge: {
    ...TEXT,
    file: 'path',
    group: 'Comparison:',
    effect: 'neither',
    value: '<model>',
    words: 'reward model that judges all responses, named like --reward (default: --reward)',
  },
  /** The base's prompt: `plain` (the paper's form, the default), `chat` (its own template), or Jinja source. */
  template: {
    ...MODEL,
    ...ANY_TEXT,
    value: '<form>',
    words: "form of the base's prompt: plain (the paper's), chat (its own), or a Jinja file",
    default: 'plain',
    file: 'content',
    notFiles: ['plain', 'chat'],
    usedBy: 'base',
  },
  /** Jinja source in place of the draft's own chat template. */
  draftTemplate: {
    ...MODEL,
    ...ANY_TEXT,
    value: '<file>',
    words: "Jinja file in place of the draft's own chat template",
    file: 'content',
    usedBy: 'draft',
  },
  /** The files that the templates were read from, for messages. */
  templateFile: { ...ANY_TEXT, effect: 'neither', words: "the file that the base's template was read from" },
  draftTemplateFile: { ...ANY_TEXT, effect: 'neither', words: "the file that the draft's template was read from" },
  /** The tokenizer.json of a base on a server, or its folder. Default: the server's own tokenizer, where it has one. */
  tokenizer: {
    ...MODEL,
    ...TEXT,
    value: '<path>',
    words: "tokenizer.json of a base on a server (default: the server's own tokenizer)",
    file: 'path',
    servers: ['base', 'aligner'],
  },
  /** Longest silence of a server. Default: 300,000. */
  serverTimeoutMs: {
    ...MODEL,
    schema: z.number().gt(0),
    takes: 'a number of milliseconds above 0',
    form: 'number',
    value: '<seconds>',
    flag: 'server-timeout',
    written: { ...wholeNumber(1, MOST_INT), scale: 1000 },
    words: 'longest silence of a server (default: 300)',
    effect: 'neither',
    servers: ['base', 'draft', 'reward', 'aligner', 'judge'],
  },
  /**
   * Environment variables that hold the keys; with `_FILE` after the name, the path of a file that does. Default:
   * WELLBEGUN_BASE_KEY, WELLBEGUN_DRAFT_KEY, WELLBEGUN_ALIGNER_KEY and WELLBEGUN_REWARD_KEY (a judge's too).
   */
  baseKeyEnv: {
    ...KEY_VARIABLE,
    words: "environment variable with the key of the base's server (default: WELLBEGUN_BASE_KEY)",
    servers: ['base'],
  },
  draftKeyEnv: {
    ...KEY_VARIABLE,
    words: "the same of the draft's (default: WELLBEGUN_DRAFT_KEY)",
    servers: ['draft'],
  },
  alignerKeyEnv: {
    ...KEY_VARIABLE,
    words: "the same of the aligner's (default: WELLBEGUN_ALIGNER_KEY)",
    servers: ['aligner'],
  },
  rewardKeyEnv: {
    ...KEY_VARIABLE,
    words: "the same of the reward model's (default: WELLBEGUN_REWARD_KEY)",
    servers: ['reward', 'judge'],
  },
  /** Keys of the servers. Default: what the variables above hold. */
  baseKey: { ...KEY, words: "key of the base's server" },
  draftKey: { ...KEY, words: "key of the draft's server" },
  /** Compute threads. Default: all cores up to 4, then half of them. */
  threads: {
    ...EMBEDDED,
    ...wholeNumber(1, MOST_THREADS),
    words: 'compute threads (default: all cores up to 4, then half of them)',
    shared: true,
  },
  /** Tokens of context. Default: 8192, or what the model was trained for if that is less. */
  context: {
    ...MODEL,
    ...wholeNumber(16, MOST_INT),
    value: '<tokens>',
    words: 'context length (default: 8192, or what the model was trained for)',
  },
  /** Number format of the KV cache: `q8_0` takes about half the memory of `f16`, the default. */
  kvType: {
    ...EMBEDDED,
    ...oneOf(['f16', 'q8_0']),
    value: '<type>',
    words: 'numbers of the KV cache; q8_0 takes half the memory',
    default: 'f16',
    effect: 'text',
  },
  /** Responses that are decoded at the same time, and conversations that are kept; more wait. Default: 1. */
  parallel: {
    ...wholeNumber(1),
    effect: 'time',
    words: 'responses that a pair decodes at the same time; they share its context',
  },
  /**
   * True: the same request with its seed gives the same bytes, k and logprobs to the last bit, in a fresh process, after
   * others, and beside others. Each response has a context of its own. For models in the process, on the CPU. Default: false, and in evaluations and
   * calibrations true where that holds.
   */
  reproducible: {
    ...EMBEDDED,
    ...ON_OFF,
    words:
      'the same request and seed give the same response to the last bit, whatever else is computed (default: off; in evaluate and calibrate on, where the CPU computes all models)',
    effect: 'text',
  },
  /** Layers of each model on the GPU; -1, the default, is all. */
  gpuLayers: {
    ...EMBEDDED,
    ...wholeNumber(-1, MOST_INT),
    words: 'layers of each model on the GPU; -1 is all',
    default: -1,
  },
  /** The build of llama.cpp. Default: `auto`, the first that works. */
  backend: {
    ...EMBEDDED,
    ...oneOf(['auto', 'cpu', 'cuda', 'vulkan', 'metal']),
    value: '<name>',
    words: 'llama.cpp build to use',
    default: 'auto',
    shared: true,
  },
  /** Rearrange weights: faster on some processors, at the price of exact repeatability. Default: false. */
  repack: {
    ...EMBEDDED,
    ...ON_OFF,
    words: 'rearrange weights: faster on some processors, less exactly repeatable',
    default: 'off',
    effect: 'text',
  },
} as const satisfies SettingTable;

/** Those of a pair: `judge` is for commands that compare. */
export const { judge: judgeSetting, ...pairSettings } = modelSettings;

/** The settings that say how models are found, loaded and prompted. */
export type ModelTableSettings = Options<typeof modelSettings>;
