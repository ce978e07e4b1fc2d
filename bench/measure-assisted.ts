import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { cacheDirectory } from '../src/models/index.ts';
import type { BenchPair } from './pair.ts';
import { notMeasured, type Row, toRow } from './row.ts';

const NAME = 'assisted-generation-vs-base';
const UNIT = 'ratio of time per token';
const PROJECT = join(import.meta.dirname, 'assisted');

export interface AssistedComparison {
  readonly prompts: readonly string[];
  /** Most tokens in each response. */
  readonly maxTokens: number;
  readonly threads: number;
  readonly onPrompt?: (done: number) => void;
}

/**
 * Assisted generation of HF transformers over plain generation of the same base in transformers, in turn, from the same
 * two files. Its tokens are no faster or slower than wellbegun's by their ratio: the absolute times stand beside it.
 */
export async function measureAssisted(bench: BenchPair, options: AssistedComparison): Promise<Row[]> {
  try {
    return toRows(await runTransformers(bench, options));
  } catch (error) {
    return [notMeasured(NAME, UNIT, `transformers could not be run: ${(error as Error).message}`)];
  }
}

const measured = z.object({
  plainMs: z.number(),
  plainTokens: z.number(),
  assistedMs: z.number(),
  assistedTokens: z.number(),
  sameText: z.boolean(),
});
type Measured = z.infer<typeof measured>;

function toRows(responses: readonly Measured[]): Row[] {
  const plain = responses.map(({ plainMs, plainTokens }) => plainMs / plainTokens);
  const assisted = responses.map(({ assistedMs, assistedTokens }) => assistedMs / assistedTokens);
  const same = responses.filter(({ sameText }) => sameText).length;
  const ratios = assisted.map((ms, i) => ms / plain[i]!);
  return [
    toRow(NAME, UNIT, ratios, `inside transformers, float32; ${same} of ${responses.length} texts as without`),
    toRow('transformers-base-ms-per-token', 'ms', plain, 'the base alone in transformers, float32'),
    toRow('transformers-assisted-ms-per-token', 'ms', assisted, 'with the draft as its assistant'),
  ];
}

async function runTransformers({ pair, basePath, draftPath }: BenchPair, options: AssistedComparison) {
  // The tokenizer adds BOS by itself.
  const formatted = options.prompts.map((content) => pair.baseFormat.format([{ role: 'user', content }]));
  const prompts = formatted.map(({ text }) =>
    text
      .filter(({ control }) => !control)
      .map((part) => part.text)
      .join(''),
  );
  const { threads, maxTokens } = options;
  const request = { base: basePath, draft: draftPath, threads, maxTokens, prompts, stop: formatted[0]?.stop ?? [] };
  // The environment is large: it lies in the cache, not in the checkout.
  const env = { ...process.env, UV_PROJECT_ENVIRONMENT: join(cacheDirectory(), 'bench', 'assisted') };
  const args = ['run', '--quiet', '--locked', '--project', PROJECT, 'python', join(PROJECT, 'assisted.py')];
  const child = spawn('uv', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(request));
  const ended = once(child, 'close');
  // Where there is no uv, it is refused before anyone waits for it.
  ended.catch(() => undefined);
  const responses: Measured[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const response = measured.safeParse(JSON.parse(line));
      if (!response.success) continue;
      responses.push(response.data);
      options.onPrompt?.(responses.length);
    }
  } catch (error) {
    child.kill();
    throw error;
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(errors.trim().split('\n').at(-1) ?? `it ended with code ${code}`);
  return responses;
}
