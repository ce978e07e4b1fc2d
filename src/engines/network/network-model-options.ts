import type { ServerAddress } from '../http/server-address.ts';

/** How a model on a server is opened. */
export interface NetworkModelOptions {
  readonly address: ServerAddress;
  readonly key?: string | undefined;
  /** The environment variable that the key comes from, for errors. */
  readonly keyVariable?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** The model's tokenizer.json, or its folder; undefined: the server's own tokenizer. */
  readonly tokenizer?: string | undefined;
  /** Most tokens of context to use; where the server does not tell how many it has, so many. */
  readonly contextLength?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
