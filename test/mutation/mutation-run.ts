import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant } from './mutants-of.ts';
import { type Outcome, runTests } from './run-tests.ts';
import type { TestCoverage } from './test-coverage.ts';

export interface Job {
  /** Absolute. */
  readonly path: string;
  readonly source: string;
  readonly mutant: Mutant;
}

/** A test that takes more than this share of the time of all is left out where {@link ENOUGH} others run the code. */
const SLOW = 0.1;
const ENOUGH = 5;

/** Runs the tests that reach a mutant, the likeliest to notice it first. */
export class MutationRun {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wellbegun-mutants-'));
  readonly #coverage: readonly TestCoverage[];
  readonly #totalMs: number;
  /** How many mutants of a source a test has noticed; by both names. */
  readonly #noticed = new Map<string, number>();
  #files = 0;

  constructor(coverage: readonly TestCoverage[]) {
    this.#coverage = coverage;
    this.#totalMs = total(coverage);
  }

  /** @returns `unreached` where no test runs the code */
  async outcomeOf(job: Job): Promise<Outcome | 'unreached'> {
    const tests = this.#testsOf(job);
    if (tests.length === 0) return 'unreached';
    const mutant = this.#write(job);
    // One at a time until those that are left take no longer than all that ran so far.
    for (let i = 0, ranMs = 0; i < tests.length;) {
      const restMs = total(tests.slice(i));
      const next = restMs <= ranMs ? tests.slice(i) : [tests[i]!];
      const outcome = await this.#run(next, mutant);
      if (outcome !== 'passed') {
        this.#count(job, next[0]!);
        return outcome;
      }
      i += next.length;
      ranMs += total(next);
    }
    return 'passed';
  }

  end(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #testsOf({ path, mutant }: Job): TestCoverage[] {
    const worth = ({ test, ms }: TestCoverage) => (1 + (this.#noticed.get(`${path} ${test}`) ?? 0)) / ms;
    const reaching = this.#coverage.filter((one) => one.runs(path, mutant.start));
    const quick = reaching.filter(({ ms }) => ms <= SLOW * this.#totalMs);
    return (quick.length < ENOUGH ? reaching : quick).sort((a, b) => worth(b) - worth(a));
  }

  #count({ path }: Job, { test }: TestCoverage): void {
    this.#noticed.set(`${path} ${test}`, (this.#noticed.get(`${path} ${test}`) ?? 0) + 1);
  }

  #write({ path, source, mutant: { start, end, text } }: Job): string {
    const file = join(this.#folder, `${this.#files++}.json`);
    const changed = source.slice(0, start) + text + source.slice(end);
    writeFileSync(file, JSON.stringify({ url: pathToFileURL(path).href, source: changed }));
    return file;
  }

  #run(tests: readonly TestCoverage[], mutant: string): Promise<Outcome> {
    return runTests({
      tests: tests.map(({ test }) => test),
      // Late is in a loop, not slow: the machine may be busy.
      timeoutMs: Math.ceil(10_000 + 10 * total(tests)),
      mutant,
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'wellbegun-mutation-cache') },
    });
  }
}

function total(tests: readonly TestCoverage[]): number {
  return tests.reduce((sum, { ms }) => sum + ms, 0);
}
