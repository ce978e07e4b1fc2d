import { measureAssisted } from './measure-assisted.ts';
import { measureLlamaServer } from './measure-llama-server.ts';
import type { BenchPair } from './pair.ts';
import type { Row } from './row.ts';

/** What a user would otherwise reach for. */
const OTHERS = ['llama-server', 'assisted'] as const;
export type Other = (typeof OTHERS)[number];

/** transformers takes seconds a token on a CPU; a ratio needs no more. */
const ASSISTED_PROMPTS = 6;
const ASSISTED_TOKENS = 48;

export interface OthersOptions {
  readonly prompts: readonly string[];
  /** Most tokens in each response. */
  readonly maxTokens: number;
  readonly threads: number;
  readonly skip: readonly Other[];
  readonly show: (progress: string) => void;
}

/** @throws Error for a name that is none */
export function checkOthers(names: readonly string[]): Other[] {
  return names.map((name) => {
    const known = OTHERS.find((each) => each === name);
    if (known === undefined) throw new Error(`--skip ${name} is none of ${OTHERS.join(', ')}.`);
    return known;
  });
}

/** Yields the rows of one after the other. */
export async function* measureOthers(bench: BenchPair, options: OthersOptions): AsyncGenerator<readonly Row[]> {
  const { prompts, maxTokens, threads, skip, show } = options;
  if (!skip.includes('llama-server')) {
    show('llama-server (built once, two minutes)');
    const onPrompt = (done: number) => show(`llama-server: ${done} of ${prompts.length} prompts`);
    yield await measureLlamaServer(bench, { prompts, maxTokens, threads, onPrompt });
  }
  if (!skip.includes('assisted')) {
    show('Assisted generation of transformers (installed once)');
    const few = prompts.slice(0, ASSISTED_PROMPTS);
    const onPrompt = (done: number) => show(`Assisted generation: ${done} of ${few.length} prompts`);
    const most = Math.min(maxTokens, ASSISTED_TOKENS);
    yield await measureAssisted(bench, { prompts: few, maxTokens: most, threads, onPrompt });
  }
}
