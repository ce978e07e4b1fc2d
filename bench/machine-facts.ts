import { cpus } from 'node:os';
import { openLibrary } from '../src/engines/llama-cpp/native/llama-library.ts';

/** What figures depend on, for the pages that show them. */
export function machineFacts(threads: number): Readonly<Record<string, string | number>> {
  const { model } = cpus()[0]!;
  return {
    processor: model,
    cores: cpus().length,
    threads,
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    llamaCpp: openLibrary().version(),
    date: new Date().toISOString(),
  };
}
