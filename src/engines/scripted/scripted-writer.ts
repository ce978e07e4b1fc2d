import type { DraftPiece, DraftWriter, PromptMeasure } from '../../core/draft-writer.ts';
import type { FinishReason, GenerateOptions } from '../../core/language-model.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';

export interface ScriptedWriterOptions {
  readonly id?: string;
  /** What it writes, a drafted token each; then it ends its turn. */
  readonly pieces: readonly string[];
  /** Awaited before each piece: a place to wait, to abort, or to fail. */
  readonly beforePiece?: () => void | Promise<void>;
  /** What it says of each conversation; without it, it can't tell. */
  readonly measure?: PromptMeasure;
}

/** One call of `write`. */
export interface ScriptedWrite {
  readonly messages: readonly ChatMessage[];
  readonly options: GenerateOptions;
  readonly written: number;
  readonly ended: boolean;
}

type OpenWrite = { -readonly [K in keyof ScriptedWrite]: ScriptedWrite[K] };

/** A draft writer with known pieces, such as any chat endpoint: for tests. */
export function scriptedWriter(
  options: ScriptedWriterOptions,
): DraftWriter & { readonly calls: readonly ScriptedWrite[] } {
  const calls: OpenWrite[] = [];
  return {
    id: options.id ?? 'scripted-writer',
    calls,
    ...(options.measure && { measure: () => Promise.resolve(options.measure!) }),
    write: (messages, generateOptions) => write(options, messages, generateOptions, calls),
    close: () => Promise.resolve(),
  };
}

async function* write(
  { pieces, beforePiece }: ScriptedWriterOptions,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
  calls: OpenWrite[],
): AsyncGenerator<DraftPiece, FinishReason, void> {
  const call: OpenWrite = { messages, options, written: 0, ended: false };
  calls.push(call);
  try {
    for (const text of pieces.slice(0, options.maxTokens)) {
      options.signal?.throwIfAborted();
      await beforePiece?.();
      options.signal?.throwIfAborted();
      call.written++;
      yield { text };
    }
    return pieces.length < options.maxTokens ? 'stop' : 'length';
  } finally {
    call.ended = true;
  }
}
