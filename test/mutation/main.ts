/**
 * Which small changes of src/core and src/strategies no test notices: docs/testing.md.
 *
 * npm run test:mutation -- [--changed] [--only PART_OF_A_PATH] [--sample N] [--seed N] [--minutes N] [--workers N] [--least SHARE]
 *
 * --changed takes only files that differ from the commit MUTATION_SINCE (HEAD~1 without that variable). --sample takes
 * so many mutants, drawn by the seed; --minutes stops after that time, and says how many were left out. It fails where less than
 * --least of them, 0.9 unless given, are noticed or explained.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { EXPLAINED } from './explained.ts';
import { mutantsOf } from './mutants-of.ts';
import { type Job, MutationRun } from './mutation-run.ts';
import { TestCoverage } from './test-coverage.ts';
import { TestFinder } from './tests-of.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['src/core/**/*.ts', 'src/strategies/**/*.ts'];
/** Where the tests of these sources are. */
const TESTS = /src\/(core|strategies|assembly\/notation)\//;
/** Tests of other folders that are asked about a source that none of those loads. */
const MOST_OTHERS = 3;
const { values } = parseArgs({
  options: {
    changed: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: 'Infinity' },
    workers: { type: 'string', default: String(availableParallelism()) },
    least: { type: 'string', default: '0.9' },
  },
});

const all = (patterns: readonly string[]) => globSync([...patterns], { cwd: ROOT }).toSorted();
const isTest = (path: string) => path.endsWith('.test.ts') || path.includes('/conformance/');

function changedFiles(): ReadonlySet<string> {
  const since = process.env['MUTATION_SINCE'] ?? 'HEAD~1';
  try {
    const names = execFileSync('git', ['diff', '--name-only', '--diff-filter=d', since], { cwd: ROOT });
    return new Set(String(names).split('\n'));
  } catch (cause) {
    throw new Error(`Git can't compare with ${since}: set MUTATION_SINCE to a commit that this clone has.`, { cause });
  }
}

function jobsOf(path: string): Job[] {
  const source = readFileSync(path, 'utf8');
  return mutantsOf(path, source).map((mutant) => ({ path, source, mutant }));
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function testsFor(path: string): string[] {
  const tests = finder.of(path);
  const near = tests.filter((test) => TESTS.test(relative(ROOT, test)));
  return near.length > 0 ? near : tests.slice(0, MOST_OTHERS);
}

function explanationOf({ path, mutant }: Job): string | undefined {
  const name = relative(ROOT, path);
  return EXPLAINED.find((one) => one.path === name && one.at === mutant.at && one.words === mutant.words)?.why;
}

/** Calls `task` on all items, `workers` at a time. */
async function each<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
}

const changed = values.changed ? changedFiles() : undefined;
const paths = all(SOURCES)
  .filter((path) => !isTest(path) && (changed?.has(path) ?? true) && path.includes(values.only))
  .map((path) => join(ROOT, path));
const finder = new TestFinder(all(['src/**/*.test.ts']).map((path) => join(ROOT, path)));
const jobs = shuffled(paths.flatMap(jobsOf), Number(values.seed)).slice(0, Number(values.sample));
const deadline = performance.now() + Number(values.minutes) * 60_000;

const coverage: TestCoverage[] = [];
await each([...new Set(paths.flatMap(testsFor))], async (test) => void coverage.push(await TestCoverage.of(test)));

const run = new MutationRun(coverage);
const counts = { passed: 0, failed: 0, late: 0, unreached: 0, explained: 0, untried: 0 };
await each(jobs, async (job) => {
  const outcome =
    performance.now() > deadline ? 'untried' : explanationOf(job) ? 'explained' : await run.outcomeOf(job);
  counts[outcome]++;
  if (outcome !== 'passed' && outcome !== 'unreached') return;
  const { line, at, words } = job.mutant;
  console.log(`${outcome}: ${relative(ROOT, job.path)}:${line}  ${words}\n    ${at}`);
});
run.end();

const tried = jobs.length - counts.untried;
const survived = counts.passed + counts.unreached;
const share = tried === 0 ? 1 : 1 - survived / tried;
console.log(
  `${tried} of ${jobs.length} mutants of ${paths.length} files: ${counts.failed} noticed by a failing test, ` +
    `${counts.late} by a test without end, ${counts.explained} explained; ${counts.passed} not noticed, ` +
    `${counts.unreached} in code that no test runs: ${(100 * share).toFixed(1)}% noticed or explained ` +
    `(${100 * Number(values.least)}% are wanted).`,
);
if (share < Number(values.least)) process.exitCode = 1;
