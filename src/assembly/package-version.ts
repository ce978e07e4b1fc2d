import { readFileSync } from 'node:fs';

/** This package's version, from its package.json, which is two folders up in the sources and in the build. */
export function packageVersion(): string {
  const source = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(source) as { version: string }).version;
}
