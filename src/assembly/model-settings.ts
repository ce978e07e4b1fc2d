import type { KeyValueType } from '../engines/llama-cpp/llama-context.ts';
import type { Backend } from '../engines/llama-cpp/native/library-location.ts';
import type { PullProgress } from '../models/pull-progress.ts';

/** How models are found, loaded and prompted. Everything has a default. */
export interface ModelSettings {
  /**
   * A catalogue name, a path to a .gguf file, `hf:owner/repo/file.gguf`, or a server such as `vllm:http://host:8000`.
   * Default: the catalogue's pair.
   */
  readonly base?: string | undefined;
  readonly draft?: string | undefined;
  /** What strategies with a reward use; no default. */
  readonly reward?: string | undefined;
  /** The second model of the strategy `aligner`; no default. */
  readonly aligner?: string | undefined;
  /** What rewards finished responses; may be the same as `reward`, and is then opened once. No default. */
  readonly judge?: string | undefined;
  /** The base's prompt: `plain` (the paper's form, the default), `chat` (its own template), or Jinja source. */
  readonly template?: string | undefined;
  /** Jinja source in place of the draft's own chat template. */
  readonly draftTemplate?: string | undefined;
  /** The files that the templates were read from, for messages. */
  readonly templateFile?: string | undefined;
  readonly draftTemplateFile?: string | undefined;
  /** Compute threads. Default: all cores up to 4, then half of them. */
  readonly threads?: number | undefined;
  /** Tokens of context. Default: 8192, or what the model was trained for if that is less. */
  readonly context?: number | undefined;
  /** Number format of the KV cache: `q8_0` takes about half the memory of `f16`, the default. */
  readonly kvType?: KeyValueType | undefined;
  /** Responses that are decoded at the same time, and conversations that are kept; more wait. Default: 1. */
  readonly parallel?: number | undefined;
  /** Layers of each model on the GPU; -1, the default, is all. */
  readonly gpuLayers?: number | undefined;
  /** Rearrange weights: faster on some processors, at the price of exact repeatability. Default: false. */
  readonly repack?: boolean | undefined;
  readonly backend?: Backend | undefined;
  /** The tokenizer.json of a base on a server, or its folder. Default: the server's own tokenizer, where it has one. */
  readonly tokenizer?: string | undefined;
  /** Keys of the servers. Default: what the variables below hold. */
  readonly baseKey?: string | undefined;
  readonly draftKey?: string | undefined;
  /**
   * Environment variables that hold the keys; with `_FILE` after the name, the path of a file that does. Default:
   * WELLBEGUN_BASE_KEY, WELLBEGUN_DRAFT_KEY, WELLBEGUN_ALIGNER_KEY and WELLBEGUN_REWARD_KEY (a judge's too).
   */
  readonly baseKeyEnv?: string | undefined;
  readonly draftKeyEnv?: string | undefined;
  readonly alignerKeyEnv?: string | undefined;
  readonly rewardKeyEnv?: string | undefined;
  /** Longest silence of a server. Default: 300,000. */
  readonly serverTimeoutMs?: number | undefined;
  readonly progress?: LoadProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Told what takes time before the first token. */
export interface LoadProgress {
  readonly pull?: PullProgress;
  /** A model begins to load; the returned function is called when it has. */
  load?(model: string): () => void;
  /** A build of llama.cpp for GPUs is tried, once for each driver; the returned function is called when it was. */
  trial?(variant: string): () => void;
  /** What else there is to know, such as a build that can't be used. */
  note?(text: string): void;
}
