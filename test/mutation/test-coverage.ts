import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTests } from './run-tests.ts';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Report {
  readonly result: readonly { readonly url: string; readonly functions: readonly { readonly ranges: Range[] }[] }[];
}

const TIMEOUT_MS = 120_000;

/** What a test file runs, and how long it takes without a mutant. Types are stripped by blanks, so places stay. */
export class TestCoverage {
  readonly test: string;
  readonly ms: number;
  /** By URL of a module, the ranges of each process that loaded it. */
  readonly #ranges: ReadonlyMap<string, readonly Range[][]>;

  private constructor(test: string, ms: number, ranges: ReadonlyMap<string, readonly Range[][]>) {
    this.test = test;
    this.ms = ms;
    this.#ranges = ranges;
  }

  /** @throws when the test fails: nothing can be learnt from it then */
  static async of(test: string): Promise<TestCoverage> {
    const folder = mkdtempSync(join(tmpdir(), 'wellbegun-coverage-'));
    try {
      const start = performance.now();
      // Code from a cache has no exact coverage.
      const env = { NODE_V8_COVERAGE: folder, NODE_COMPILE_CACHE: undefined };
      const outcome = await runTests({ tests: [test], timeoutMs: TIMEOUT_MS, env });
      if (outcome !== 'passed') throw new Error(`${test} ${outcome} without a mutant.`);
      return new TestCoverage(test, performance.now() - start, rangesIn(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Whether the test runs the code at an index of a source. */
  runs(path: string, index: number): boolean {
    const loaded = this.#ranges.get(pathToFileURL(path).href) ?? [];
    return loaded.some((ranges) => (innermost(ranges, index)?.count ?? 0) > 0);
  }
}

function innermost(ranges: readonly Range[], index: number): Range | undefined {
  const size = ({ startOffset, endOffset }: Range) => endOffset - startOffset;
  return ranges
    .filter(({ startOffset, endOffset }) => startOffset <= index && index < endOffset)
    .reduce<Range | undefined>((best, range) => (best && size(best) <= size(range) ? best : range), undefined);
}

function rangesIn(folder: string): Map<string, Range[][]> {
  const ranges = new Map<string, Range[][]>();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
    for (const { url, functions } of result) {
      if (!url.includes('/src/')) continue;
      ranges.set(url, [...(ranges.get(url) ?? []), functions.flatMap((one) => one.ranges)]);
    }
  }
  return ranges;
}
