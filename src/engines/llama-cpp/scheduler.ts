import { settingName } from '../../core/setting-name.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { commonPrefixLength } from '../../core/common-prefix-length.ts';
import { ContextOverflowError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { PassTimes } from './speculation/pass-times.ts';
import { ALONE, type PassLoad } from './speculation/proposal-length.ts';
import { modelClosed } from './failures.ts';
import {
  comesFirst,
  type ForwardRequest,
  indexesOfLogits,
  isComplete,
  isWriting,
  type Job,
  loadOf,
} from './forward-job.ts';
import { arrange } from './graph-order.ts';
import { LastRows, type RowCompletion } from './last-rows.ts';
import type { BatchEntry, ContextOptions, LlamaContext, PassOutput } from './llama-context.ts';
import { type SequenceSlot, SequenceSlots } from './sequence-slots.ts';

export interface SchedulerParts {
  /** Fewest tokens at the beginning of a text that are worth sharing with another one; Infinity: they can't be shared. */
  readonly leastShared: number;
  /** Takes note of passes that give a row for each token: next tokens, proposals, and chunks of a draft. */
  readonly passTimes?: PassTimes | undefined;
  /** The same of passes that give states only. */
  readonly statePassTimes?: PassTimes | undefined;
  readonly head?: RowCompletion | undefined;
}

/** What the scheduler needs of a context. */
export type ForwardPasses = Pick<LlamaContext, 'turn' | 'decode' | 'abort' | 'truncate' | 'share'>;

/**
 * The one loop of a loaded model: every forward pass takes in tokens of all that is waiting. Schedule, decode,
 * distribute.
 */
export class Scheduler {
  readonly #context: ForwardPasses;
  readonly #options: ContextOptions;
  readonly #slots: SequenceSlots;
  readonly #passTimes: Readonly<Record<PassOutput, PassTimes | undefined>>;
  readonly #head: RowCompletion | undefined;
  #last: LastRows;
  #waiting: Job[] = [];
  #running: Job[] = [];
  #loop: Promise<void> | undefined;
  #lastLoad: PassLoad = ALONE;
  #lastLogitWriters = 0;
  #closed = false;

  constructor(
    context: ForwardPasses,
    options: ContextOptions,
    { leastShared, passTimes, statePassTimes, head }: SchedulerParts,
  ) {
    this.#context = context;
    this.#options = options;
    this.#slots = new SequenceSlots(options.sequences, context, { leastShared });
    this.#passTimes = { logits: passTimes, states: statePassTimes };
    this.#head = head;
    this.#last = new LastRows('logits', 0, head);
  }

  /** What the last pass had to compute beside proposals. */
  get lastLoad(): PassLoad {
    return this.#lastLoad;
  }

  /** How many texts of the last pass were written that need logits. */
  get lastLogitWriters(): number {
    return this.#lastLogitWriters;
  }

  /** Resolves once all rows were given. Rejects with the signal's reason, or with what the engine failed of. */
  forward(request: ForwardRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = request;
      const onAbort = () => this.#abort(job);
      const settle = (action: () => void) => {
        signal?.removeEventListener('abort', onAbort);
        action();
      };
      const job: Job = {
        ...request,
        resolve: () => settle(resolve),
        reject: (reason) => settle(() => reject(reason)),
        nextRow: request.rowsFrom,
        leftOut: 0,
        settled: false,
      };
      if (this.#closed) return reject(modelClosed());
      signal?.throwIfAborted();
      if (request.tokens.length > this.#options.contextLength) return reject(this.#overflow());
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(job);
      this.#loop ??= this.#run();
    });
  }

  /** How many rows of these tokens, from a position on, are still there from the last pass, and as what. */
  atHand(tokens: readonly TokenId[], from: number): { readonly rows: number; readonly output: PassOutput } {
    return { rows: this.#slots.liveRows(tokens, from), output: this.#last.output };
  }

  /** Refuses what is waiting and ends with the forward pass that is running. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of [...this.#waiting, ...this.#running]) this.#fail(job, modelClosed());
    this.#context.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length + this.#running.length > 0) await this.#context.turn(() => this.#pass());
    this.#loop = undefined;
  }

  /**
   * What goes into a pass is chosen when no other model computes any more, so all that was asked for meanwhile shares it;
   * and a turn of the event loop later, so that callers whom the last pass resolved have asked again.
   */
  async #pass(): Promise<void> {
    await nextTurn();
    await this.#admit();
    await this.#step();
    this.#retire();
  }

  /** Gives waiting jobs a slot, and what rows are still there from the last pass. */
  async #admit(): Promise<void> {
    for (const job of this.#queue()) {
      if (job.settled) continue;
      const slot = this.#hasRoom(job) ? this.#slots.acquire(job.tokens) : undefined;
      if (!slot) return;
      this.#waiting = this.#waiting.filter((other) => other !== job);
      job.slot = slot;
      this.#running.push(job);
      await this.#giveLiveRows(job, slot);
      this.#slots.truncate(slot, Math.min(commonPrefixLength(slot.tokens, job.tokens), job.nextRow));
    }
  }

  /** Oldest first, but what goes on from a cached sequence before what would take its place. */
  #queue(): Job[] {
    this.#waiting = this.#waiting.filter((job) => !job.settled);
    if (this.#waiting.length < 2) return this.#waiting;
    const { cached = [], fresh = [] } = Object.groupBy(this.#waiting, ({ tokens }) =>
      this.#slots.holdsMostOf(tokens) ? 'cached' : 'fresh',
    );
    return [...cached, ...fresh];
  }

  /** Jobs run together only if the cache has room for all of them until they end. */
  #hasRoom(job: Job): boolean {
    if (this.#options.ownCells) return true;
    const needed = this.#running.reduce((sum, { tokens }) => sum + tokens.length, job.tokens.length);
    return this.#running.length === 0 || needed <= this.#options.contextLength;
  }

  async #giveLiveRows(job: Job, slot: SequenceSlot): Promise<void> {
    if (job.gives === 'states' && this.#last.given === 'logits') return;
    const known = commonPrefixLength(slot.tokens, job.tokens);
    const indexes: number[] = [];
    for (let position = job.nextRow; position < known; position++) {
      const index = slot.rows.get(position);
      if (index === undefined) break;
      indexes.push(index);
    }
    try {
      if (job.gives !== 'states') await this.#last.complete(indexes);
      for (const index of indexes) this.#giveRow(job, job.nextRow, index);
    } catch (error) {
      this.#fail(job, error as Error);
    }
  }

  async #step(): Promise<void> {
    const active = this.#running.filter((job) => !isComplete(job));
    if (active.length === 0) return;
    const { entries, jobs } = this.#schedule(active);
    if (this.#options.ownCells) arrange(entries, this.#options.partTokens);
    this.#lastLoad = loadOf(entries, jobs);
    this.#lastLogitWriters = jobs.filter((job) => isWriting(job) && job.gives !== 'states' && !job.couldGuess).length;
    this.#slots.forgetRows();
    const start = performance.now();
    const rows = entries.filter(({ row }) => row).length;
    const output = this.#outputFor(rows, jobs);
    try {
      const result = await this.#context.decode(entries, output);
      this.#last = new LastRows(output, rows, this.#head);
      if (result === 'done') {
        await this.#last.complete(indexesOfLogits(entries, jobs));
        this.#distribute(entries, jobs);
        if (rows === entries.length) this.#measure(rows, performance.now() - start);
      } else this.#undo(jobs);
      if (result === 'full') this.#makeRoom(jobs);
    } catch (error) {
      this.#undo(jobs);
      for (const job of jobs) this.#fail(job, error as Error);
    }
  }

  #outputFor(rows: number, jobs: readonly Job[]): PassOutput {
    return jobs.some(({ gives }) => gives === 'states') || this.#head?.isFasterFor(rows) ? 'states' : 'logits';
  }

  /** Takes note of the last pass, if it gave each of its tokens the same. */
  #measure(tokens: number, ms: number): void {
    const { output, untouched } = this.#last;
    if (untouched || output === 'logits') this.#passTimes[output]?.record(tokens, ms);
  }

  /** What the last passes had no room for, then single next tokens, then longer texts, as many of them as fit. */
  #schedule(active: readonly Job[]): { entries: BatchEntry[]; jobs: Job[] } {
    const { batchTokens, batchRows } = this.#options;
    const entries: BatchEntry[] = [];
    const jobs: Job[] = [];
    let rows = 0;
    for (const job of active.toSorted(comesFirst)) {
      const { tokens, sequence } = job.slot!;
      const before = entries.length;
      for (let position = tokens.length; position < job.tokens.length && entries.length < batchTokens; position++) {
        const row = position >= job.nextRow;
        if (row && rows === batchRows) break;
        rows += row ? 1 : 0;
        entries.push({ token: job.tokens[position]!, position, sequence, row });
      }
      job.leftOut = entries.length > before ? 0 : job.leftOut + 1;
      if (job.leftOut === 0) jobs.push(job);
    }
    return { entries, jobs };
  }

  #distribute(entries: readonly BatchEntry[], jobs: readonly Job[]): void {
    const owners = new Map(jobs.map((job) => [job.slot!.sequence, job]));
    for (const [index, entry] of entries.entries()) {
      const job = owners.get(entry.sequence)!;
      job.slot!.tokens.push(entry.token);
      if (!entry.row) continue;
      job.slot!.rows.set(entry.position, index);
      this.#giveRow(job, entry.position, index);
    }
  }

  /** Takes back what a broken pass may have left in the cache. */
  #undo(jobs: readonly Job[]): void {
    for (const { slot } of jobs) {
      const length = slot!.tokens.length;
      if (this.#context.truncate(slot!.sequence, length)) continue;
      this.#context.truncate(slot!.sequence, 0);
      slot!.tokens.length = 0;
    }
  }

  #makeRoom(jobs: readonly Job[]): void {
    if (!this.#slots.evictOne()) this.#fail(jobs.at(-1)!, this.#overflow());
  }

  #overflow(): ContextOverflowError {
    return new ContextOverflowError(
      'context-full',
      `The response does not fit the context of ${this.#options.contextLength} tokens: raise ${settingName('context')} or ask for fewer tokens.`,
    );
  }

  #giveRow(job: Job, position: number, index: number): void {
    if (job.settled) return;
    try {
      job.onRow(position, index);
      job.nextRow = position + 1;
    } catch (error) {
      this.#fail(job, error as Error);
    }
  }

  #retire(): void {
    for (const job of this.#running.filter(isComplete)) {
      this.#slots.release(job.slot!);
      if (!job.settled) job.resolve();
      job.settled = true;
    }
    this.#running = this.#running.filter((job) => !isComplete(job));
  }

  #abort(job: Job): void {
    this.#fail(job, job.signal!.reason as Error);
    if (this.#running.length > 0 && this.#running.every(({ settled }) => settled)) this.#context.abort();
  }

  #fail(job: Job, reason: Error): void {
    if (job.settled) return;
    job.settled = true;
    job.reject(reason);
  }
}
