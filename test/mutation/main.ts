/**
 * Which small changes of src/core and src/strategies no test notices.
 *
 * npm run test:mutation -- [--changed] [--minutes N] [--only PART_OF_A_PATH]
 *
 * --changed takes only files that differ from the commit before; a limit of time takes what fits, spread over all.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { EXPLAINED } from './explained.ts';
import { type Mutant, mutantsOf } from './mutants-of.ts';
import { pass } from './run-tests.ts';
import { TestFinder } from './tests-of.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['src/core/**/*.ts', 'src/strategies/**/*.ts'];
const TESTS = ['src/core/**/*.test.ts', 'src/strategies/**/*.test.ts', 'src/assembly/notation/**/*.test.ts'];
/** Tests of a file that pass in a tenth of this are not late, but in a loop. */
const TIMEOUT_MS = 60_000;
/** Least share of mutants that is killed or explained. */
const LEAST = 0.9;

const { values } = parseArgs({
  options: { changed: { type: 'boolean' }, minutes: { type: 'string' }, only: { type: 'string' } },
});

interface Job {
  readonly path: string;
  readonly source: string;
  readonly mutant: Mutant;
}

const isTest = (path: string) =>
  path.endsWith('.test.ts') || path.includes('/conformance/') || path.endsWith('index.ts');
const all = (patterns: readonly string[]) => globSync([...patterns], { cwd: ROOT }).toSorted();

function changedFiles(): ReadonlySet<string> {
  const names = execFileSync('git', ['diff', '--name-only', '--diff-filter=d', 'HEAD^1', 'HEAD'], { cwd: ROOT });
  return new Set(String(names).split('\n'));
}

function jobsOf(paths: readonly string[]): Job[] {
  return paths.flatMap((path) => {
    const source = readFileSync(join(ROOT, path), 'utf8');
    return mutantsOf(path, source).map((mutant) => ({ path, source, mutant }));
  });
}

/** The same every time, and any beginning of it is spread over all. */
function spread<T>(items: readonly T[]): T[] {
  const step = 0.6180339887498949;
  return items
    .map((item, i) => ({ item, place: (i * step) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

const changed = values.changed ? changedFiles() : undefined;
const paths = all(SOURCES).filter(
  (path) => !isTest(path) && (changed?.has(path) ?? true) && path.includes(values.only ?? ''),
);
const finder = new TestFinder(all(TESTS).map((path) => join(ROOT, path)));
const jobs = spread(jobsOf(paths));
const deadline = values.minutes === undefined ? Infinity : Date.now() + Number(values.minutes) * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'wellbegun-mutants-'));
const survivors: Job[] = [];
let tried = 0;
let explained = 0;

async function isKilled({ path, source, mutant: { start, end, text } }: Job, worker: number): Promise<boolean> {
  const file = join(folder, `${worker}.json`);
  const url = pathToFileURL(join(ROOT, path)).href;
  writeFileSync(file, JSON.stringify({ url, source: source.slice(0, start) + text + source.slice(end) }));
  const [first, ...others] = finder.of(join(ROOT, path));
  if (first === undefined) return false;
  if (!(await pass([first], file, TIMEOUT_MS))) return true;
  return others.length > 0 && !(await pass(others, file, TIMEOUT_MS));
}

async function work(worker: number): Promise<void> {
  for (let job = jobs.shift(); job !== undefined && Date.now() < deadline; job = jobs.shift()) {
    const { path, mutant } = job;
    const known = EXPLAINED.some((one) => one.path === path && one.words === mutant.words);
    if (known) explained++;
    else if (!(await isKilled(job, worker))) {
      survivors.push(job);
      console.log(`survived: ${relative('.', path)}:${mutant.line} ${mutant.words}`);
    }
    tried++;
  }
}

const total = jobs.length;
await Promise.all(Array.from({ length: Math.max(1, Math.min(availableParallelism(), 4) - 1) }, (_, i) => work(i)));
rmSync(folder, { recursive: true });
const killed = tried - explained - survivors.length;
const share = tried === 0 ? 1 : (killed + explained) / tried;
console.log(
  `${tried} of ${total} mutants of ${paths.length} files tried: ${killed} killed, ${explained} explained, ${survivors.length} survived (${(100 * share).toFixed(1)}%).`,
);
if (share < LEAST) process.exitCode = 1;
