/** One token as the page knows it. */
export interface ShownToken {
  readonly id: number | null;
  readonly text: string;
  readonly source: 'draft' | 'base';
  /** The base's ln P, before temperature and penalties; null where nobody told. */
  readonly logprob: number | null;
  /** The criterion's value. */
  readonly window: number | null;
  /** What the base would have written, the most likely first; where the gateway tells. */
  readonly alternatives?: readonly Alternative[];
}

export interface Alternative {
  readonly text: string;
  readonly logprob: number;
}

/** A response while it comes, and after. */
export interface ShownResponse {
  readonly tokens: readonly ShownToken[];
  readonly state: 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';
  /** Why it failed, in a sentence. */
  readonly problem?: string;
  readonly startMs: number;
  readonly firstMs?: number;
  readonly endMs?: number;
  /** What the gateway said at its end. */
  readonly end?: ResponseEnd;
}

/** What a gateway tells of a whole response, as `wellbegun.trace` and `usage`. */
export interface ResponseEnd {
  readonly finishReason: string;
  readonly trace: {
    readonly strategy: string;
    readonly models: { readonly base: string | null; readonly draft: string | null };
    readonly switch: { readonly index: number; readonly reason: string; readonly draft_tokens: number } | null;
    readonly tokens: readonly ShownToken[];
    readonly timings: Readonly<
      Record<'first_token_ms' | 'draft_ms' | 'score_ms' | 'base_ms' | 'total_ms', number | null>
    >;
  };
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

export const EMPTY: ShownResponse = { tokens: [], state: 'done', startMs: 0 };

export function textOf({ tokens }: Pick<ShownResponse, 'tokens'>): string {
  return tokens.map(({ text }) => text).join('');
}

/** How many tokens the draft wrote at the beginning, if the base wrote on. */
export function switchOf({ tokens }: Pick<ShownResponse, 'tokens'>): number | undefined {
  const first = tokens.findIndex(({ source }) => source === 'base');
  return first > 0 ? first : undefined;
}
