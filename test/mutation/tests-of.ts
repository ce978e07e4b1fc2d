import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const IMPORT = /(?:from|import)\s+'(\.{1,2}\/[^']+)'/g;

/** Which test files load a source, by their imports. */
export class TestFinder {
  readonly #tests: readonly string[];
  readonly #loaded = new Map<string, ReadonlySet<string>>();

  /** @param tests absolute paths */
  constructor(tests: readonly string[]) {
    this.#tests = tests;
  }

  /** Those that import the least first. */
  of(source: string): string[] {
    const size = (test: string) => this.#modules(test).size;
    return this.#tests.filter((test) => this.#modules(test).has(source)).sort((a, b) => size(a) - size(b));
  }

  #modules(test: string): ReadonlySet<string> {
    const known = this.#loaded.get(test);
    if (known) return known;
    const found = new Set<string>();
    const open = [test];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (found.has(file)) continue;
      found.add(file);
      for (const [, path] of sourceOf(file).matchAll(IMPORT)) open.push(resolve(dirname(file), path!));
    }
    this.#loaded.set(test, found);
    return found;
  }
}

function sourceOf(file: string): string {
  return file.endsWith('.ts') ? readFileSync(file, 'utf8').replace(/^import type .*$/gm, '') : '';
}
