import type { ChatMessage } from '../core/prompt-format.ts';
import type { Program } from '../sandbox/program.ts';
import type { DataFile } from './data/data-file.ts';
import type { DataSource } from './data/data-source.ts';

/** One question that a strategy answers. */
export interface BenchmarkItem {
  /** The benchmark's own name or number of it, the same in each version. */
  readonly id: string;
  /** The conversation up to the answer, the user's last. */
  readonly messages: readonly ChatMessage[];
  /** What a model that only continues text sees, byte for byte, without BOS. Unset: `messages` in the strategy's own form. */
  readonly prompt?: string;
  /** What stands between `prompt` and an answer that a chat model begins, such as a space. Default: nothing. */
  readonly lead?: string;
  /** What the user says after each answer; none for a benchmark of one turn. */
  readonly followUps: readonly string[];
  /** Where the protocol sets another one than greedy for this item. */
  readonly temperature?: number;
  readonly category?: string;
}

/** How items become prompts. A change of a letter is a new version. */
export interface PromptForm {
  readonly name: string;
  readonly version: number;
  /** Texts that end the answer and are no part of it. */
  readonly stop: readonly string[];
  /** Most tokens of one answer. */
  readonly maxTokens: number;
}

/** What grading takes besides the answers. `judge or reward`: one of both. */
export type BenchmarkNeed = 'judge' | 'judge or reward' | 'sandbox' | 'log-likelihoods';

/** Grades of one answer, by measure. A measure of 0 or 1 is summed up as a share, any other as a mean. */
export type Grades = Readonly<Record<string, number>>;

export interface Measure {
  readonly name: string;
  /** `share`: each answer has 0 or 1. */
  readonly kind: 'share' | 'mean';
  /** What an answer counts that could not be made or graded. Default: 0 for a share; unset for a mean: there is none. */
  readonly worst?: number;
}

/** Grades that need neither a model nor the sandbox. */
export interface Grader<Item extends BenchmarkItem = BenchmarkItem> {
  readonly measures: readonly Measure[];
  grade(item: Item, response: string): Grades;
}

/** What the base is asked for, of which it writes nothing. */
export interface Choices {
  /** What stands before each answer, byte for byte, without BOS. */
  readonly prompt: string;
  readonly best: string;
  readonly correct: readonly string[];
  readonly incorrect: readonly string[];
}

/** A benchmark is a value: its items, what a model sees of them, and how answers are graded. */
export interface Benchmark<Item extends BenchmarkItem = BenchmarkItem> {
  readonly name: string;
  /** Numbers of two versions can't be compared. */
  readonly version: string;
  readonly title: string;
  readonly itemCount: number;
  /** Files that items and grading are made of. */
  readonly data: readonly DataFile[];
  readonly form: PromptForm;
  readonly needs: readonly BenchmarkNeed[];
  /** @throws as `DataSource.read` does */
  loadItems(source: DataSource): Promise<readonly Item[]>;
  /** Unset where a judge, a reward model or the sandbox grades. */
  readonly grader?: Grader<Item>;
  /** What the sandbox runs to grade a response as `passed` or not. */
  program?(item: Item, response: string): Program;
  /** Answers between which the base chooses by their log-likelihoods. */
  choices?(item: Item): Choices;
}
