import type { TokenId } from '../../core/language-model.ts';
import { ALONE, type PassLoad } from './speculation/proposal-length.ts';
import type { BatchEntry, PassOutput } from './llama-context.ts';
import type { SequenceSlot } from './sequence-slots.ts';

/** Some caller's wish: the rows of logits at the end of a sequence. */
export interface ForwardRequest {
  /** The whole sequence, from its first token. */
  readonly tokens: readonly TokenId[];
  /** First position whose row is wanted; the row at position p is the distribution of the token after `tokens[p]`. */
  readonly rowsFrom: number;
  /** How many of the last tokens are proposals. Default: 0. */
  readonly guesses?: number;
  /** What `onRow` wants to read of the context at the batch index. Default: `logits`. */
  readonly gives?: PassOutput;
  /** Who wants logits now, but would guess from states if nobody else wanted logits. Default: false. */
  readonly couldGuess?: boolean;
  /** Called in order of positions, up to the last token. The batch index is valid during the call only. */
  readonly onRow: (position: number, batchIndex: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A request on its way through passes. */
export interface Job extends ForwardRequest {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
  slot?: SequenceSlot;
  /** First position whose row was not given yet. */
  nextRow: number;
  /** How many passes in a row had no room for it. */
  leftOut: number;
  settled: boolean;
}

/** Who was alone with a prompt or a chunk is expected to be alone with its next token. */
export function loadOf(entries: readonly BatchEntry[], jobs: readonly Job[]): PassLoad {
  if (jobs.length === 1) return ALONE;
  const guesses = jobs.reduce((sum, job) => sum + (job.guesses ?? 0), 0);
  const writers = jobs.filter(isWriting).length;
  // Not all guesses need have found room.
  return { tokens: Math.max(entries.length - guesses, jobs.length), writers: Math.max(writers, 1) };
}

/** Whether it wants its next token, and what is guessed to follow. */
export function isWriting({ tokens, guesses = 0, rowsFrom }: Job): boolean {
  return tokens.length - guesses === rowsFrom + 1;
}

/** Batch indexes of the rows that are wanted as logits. */
export function indexesOfLogits(entries: readonly BatchEntry[], jobs: readonly Job[]): number[] {
  const owners = new Set(jobs.filter(({ gives }) => gives !== 'states').map(({ slot }) => slot!.sequence));
  return entries.flatMap(({ row, sequence }, index) => (row && owners.has(sequence) ? [index] : []));
}

export function comesFirst(a: Job, b: Job): number {
  return b.leftOut - a.leftOut || remaining(a) - remaining(b);
}

function remaining(job: Job): number {
  return job.tokens.length - job.slot!.tokens.length;
}

export function isComplete(job: Job): boolean {
  return job.settled || job.nextRow >= job.tokens.length;
}
