import type { Benchmark, BenchmarkItem } from '../../benchmarks/benchmark.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { GrowingArray } from '../../core/growing-array.ts';
import { KeyTable } from './key-table.ts';
import { eachGram } from './word-grams.ts';
import { wordHashes } from './word-hashes.ts';

const MOST_WORDS = 13;
/** A shorter text is too common to tell anything. */
const LEAST_WORDS = 8;
/** What more items have in common is the benchmark's form, such as worked examples. */
const MOST_ITEMS = 10;

const NONE = -1;

/** Runs of words of one length: each has the first item that it stands in, and in how many it does. */
interface Runs {
  readonly keys: KeyTable;
  readonly items: GrowingArray<Int32Array>;
  readonly counts: GrowingArray<Int32Array>;
}

/** Which benchmarks were looked for. */
export interface SoughtBenchmark {
  readonly name: string;
  readonly items: number;
  /** Items with fewer than eight words in a row, which can't be found. */
  readonly tooShort: number;
}

/**
 * Texts of benchmarks by their runs of 13 words, or all the words of a text that has 8 to 12. A run that more than ten items
 * share counts for none.
 */
export class Contamination {
  readonly sought: SoughtBenchmark[] = [];
  readonly #names: string[] = [];
  readonly #runs = new Map<number, Runs>();

  /** @throws as `DataSource.read` does */
  static async load(benchmarks: readonly Benchmark[], source: DataSource): Promise<Contamination> {
    const contamination = new Contamination();
    for (const benchmark of benchmarks) contamination.#add(benchmark.name, await benchmark.loadItems(source));
    return contamination;
  }

  /** The number of an item that a text has a run of words of; −1: there is none. */
  itemIn(words: readonly number[]): number {
    let found = NONE;
    for (const [length, runs] of this.#runs) {
      eachGram(words, length, (high, low) => {
        const run = found === NONE ? runs.keys.find(high, low) : NONE;
        if (run !== NONE && runs.counts.at(run) <= MOST_ITEMS) found = runs.items.at(run);
      });
      if (found !== NONE) break;
    }
    return found;
  }

  /** The benchmark and its own name of an item. */
  nameOf(item: number): string {
    return this.#names[item]!;
  }

  #add(name: string, items: readonly BenchmarkItem[]): void {
    const withRuns = items.filter((item) => this.#addItem(name, item));
    this.sought.push({ name, items: items.length, tooShort: items.length - withRuns.length });
  }

  /** Whether it has a text that can be found. */
  #addItem(benchmark: string, { id, messages, followUps }: BenchmarkItem): boolean {
    const item = this.#names.push(`${benchmark} ${id}`) - 1;
    const texts = [...messages.map(({ content }) => content), ...followUps].map(wordHashes);
    const known = texts.filter((words) => words.length >= LEAST_WORDS);
    const seen = new Set<string>();
    for (const words of known) {
      const length = Math.min(MOST_WORDS, words.length);
      eachGram(words, length, (high, low) => {
        const key = `${length} ${high} ${low}`;
        if (!seen.has(key)) this.#addRun(length, high, low, item);
        seen.add(key);
      });
    }
    return known.length > 0;
  }

  #addRun(length: number, high: number, low: number, item: number): void {
    const runs = this.#runs.get(length) ?? newRuns();
    this.#runs.set(length, runs);
    const run = runs.keys.add(high, low);
    if (run === runs.items.length) {
      runs.items.push(item);
      runs.counts.push(0);
    }
    runs.counts.set(run, runs.counts.at(run) + 1);
  }
}

function newRuns(): Runs {
  return { keys: new KeyTable(), items: new GrowingArray(Int32Array), counts: new GrowingArray(Int32Array) };
}
