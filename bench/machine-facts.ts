import { cpus } from 'node:os';
import { gpusOf, openLibrary } from '../src/engines/llama-cpp/index.ts';

/** What figures depend on, for the pages that show them. */
export function machineFacts(threads: number): Readonly<Record<string, string | number>> {
  const { model } = cpus()[0]!;
  const library = openLibrary();
  const gpus = gpusOf(library).map(({ description }) => description);
  return {
    processor: model,
    cores: cpus().length,
    threads,
    ...(gpus.length > 0 && { gpu: gpus.join(' and ') }),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    llamaCpp: library.version(),
    date: new Date().toISOString(),
  };
}
