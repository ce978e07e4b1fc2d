import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

const IMPORT = /(?:from|import)\s+'(\.{1,2}\/[^']+)'/g;

/** Which test files run a source, by their imports. */
export class TestFinder {
  readonly #tests: readonly string[];
  readonly #reached = new Map<string, ReadonlySet<string>>();

  /** @param tests absolute paths */
  constructor(tests: readonly string[]) {
    this.#tests = tests;
  }

  /** The source's own test first, then those that import the least besides. */
  of(source: string): string[] {
    const own = basename(source, '.ts');
    const reaching = this.#tests.filter((test) => this.#modules(test).has(source));
    const rank = (test: string) => (basename(test).startsWith(`${own}.`) ? 0 : this.#modules(test).size);
    return reaching.sort((a, b) => rank(a) - rank(b));
  }

  #modules(test: string): ReadonlySet<string> {
    const known = this.#reached.get(test);
    if (known) return known;
    const found = new Set<string>();
    const open = [test];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      for (const [, path] of sourceOf(file).matchAll(IMPORT)) open.push(resolve(dirname(file), path!));
    }
    this.#reached.set(test, found);
    return found;
  }
}

function sourceOf(file: string): string {
  return file.endsWith('.ts') ? readFileSync(file, 'utf8').replace(/^import type .*$/gm, '') : '';
}
