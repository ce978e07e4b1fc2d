import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A fenced block of a page. */
export interface CodeBlock {
  /** `docs/serving.md:6`, the line of its fence. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

/** The pages that people read, relative to the checkout. */
export function pages(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT });
  return listed.toString().trim().split('\n').sort();
}

export const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

export function codeBlocks(...languages: readonly string[]): CodeBlock[] {
  return pages().flatMap((page) =>
    blocksOf(page, readPage(page)).filter(({ language }) => languages.includes(language)),
  );
}

function blocksOf(page: string, text: string): CodeBlock[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ index, 1: language = '', 2: code = '' }) => {
    const line = text.slice(0, index).split('\n').length;
    return { place: `${page}:${line}`, language, code };
  });
}
