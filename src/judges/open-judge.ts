import type { ServerReference } from '../assembly/server-reference.ts';
import { openChatEndpoint } from '../engines/chat/open-chat-endpoint.ts';
import { BusyJudge } from './busy-judge.ts';
import type { Judge } from './judge.ts';
import { KeptJudge } from './kept-judge.ts';
import { ReplyStore } from './reply-store.ts';

export interface JudgeOptions {
  readonly reference: ServerReference;
  readonly key?: string | undefined;
  /** The environment variable that the key comes from, for errors. */
  readonly keyVariable?: string | undefined;
  /** A file of JSON lines that keeps what the judge says; it is made where it is not there. */
  readonly store: string;
  /** Ask again what failed in earlier runs. */
  readonly retryFailed?: boolean | undefined;
  /** Most questions at the same time. Default: 8. */
  readonly concurrency?: number | undefined;
  /** Most replies to one question until one holds a verdict. Default: 3. */
  readonly mostReplies?: number | undefined;
  /** Longest silence of the server. Default: 300,000. */
  readonly timeoutMs?: number | undefined;
  /** How long the judge may be busy or limit the rate before its run ends. Default: 3,600,000, an hour. */
  readonly mostBusyMs?: number | undefined;
  /** The first wait for a busy judge that names no time. Default: 5,000. */
  readonly firstBusyWaitMs?: number | undefined;
  /** The wait before a broken connection is tried again. Default: 250. */
  readonly retryDelayMs?: number | undefined;
  /** Told why nothing happens for a while. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A judge behind a chat endpoint, with what it said in earlier runs.
 *
 * @throws ConfigError where the store holds something else or another process writes it, or the server has several models
 *   and none is named; EngineError where it can't be reached; AbortError
 */
export async function openJudge(options: JudgeOptions): Promise<Judge> {
  const { reference, concurrency = 8, mostReplies = 3, mostBusyMs = 3_600_000, firstBusyWaitMs = 5_000 } = options;
  const { address, engine } = reference;
  const endpoint = await openChatEndpoint({
    ...options,
    engine,
    ...address,
    connections: concurrency,
    retriesBusy: false,
  });
  try {
    const store = await ReplyStore.open(options.store, options);
    const { notice } = options;
    const busy = new BusyJudge({
      name: endpoint.model,
      mostWaitMs: mostBusyMs,
      firstWaitMs: firstBusyWaitMs,
      notice,
    });
    return new KeptJudge({ endpoint, store, busy, concurrency, mostReplies });
  } catch (error) {
    await endpoint.close();
    throw error;
  }
}
