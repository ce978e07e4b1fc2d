import { z } from 'zod';
import { startLlamaServer } from '../scripts/start-llama-server.ts';
import type { ServerProcess } from '../scripts/start-server.ts';
import type { BenchPair } from './pair.ts';
import { msPerToken, respond } from './respond.ts';
import { notMeasured, type Row, toRow } from './row.ts';

const UNIT = 'ratio of time per token';
const SPECULATIVE = 'llama-server-vs-base';
const PLAIN = 'llama-server-plain-vs-base';

export interface ServerComparison {
  readonly prompts: readonly string[];
  /** Most tokens in each response. */
  readonly maxTokens: number;
  readonly threads: number;
  readonly onPrompt?: (done: number) => void;
}

/**
 * llama.cpp's own server, with and without its n-gram speculation, over the base alone through wellbegun: the same
 * file, prompts and threads, greedy, in turn. A response's time is the client's, from request to whole answer.
 */
export async function measureLlamaServer(bench: BenchPair, options: ServerComparison): Promise<Row[]> {
  const servers: ServerProcess[] = [];
  const start = async (...speculation: string[]) => {
    const threads = String(options.threads);
    const size = ['-t', threads, '-tb', threads, '-c', '8192', '-np', '1'];
    const server = await startLlamaServer(['-m', bench.basePath, ...size, ...speculation]);
    servers.push(server);
    return server;
  };
  try {
    return await compare(bench, options, await start('--spec-type', 'ngram-simple'), await start());
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0] ?? '';
    return [SPECULATIVE, PLAIN].map((name) => notMeasured(name, UNIT, `llama-server could not be run: ${reason}`));
  } finally {
    for (const server of servers) await server.close();
  }
}

async function compare(
  bench: BenchPair,
  { prompts, maxTokens, onPrompt }: ServerComparison,
  speculative: ServerProcess,
  plain: ServerProcess,
): Promise<Row[]> {
  const [warmUp, ratios] = [['Hello'], { speculative: [] as number[], plain: [] as number[] }];
  let sameTexts = 0;
  for (const [i, prompt] of [...warmUp, ...prompts].entries()) {
    const base = await respond(bench.pair, { strategy: 'base', speculate: false, prompt, maxTokens });
    const withSpeculation = await complete(speculative, bench, prompt, maxTokens);
    const without = await complete(plain, bench, prompt, maxTokens);
    if (i === 0) continue;
    ratios.speculative.push(withSpeculation.msPerToken / msPerToken(base));
    ratios.plain.push(without.msPerToken / msPerToken(base));
    if (withSpeculation.text === base.text) sameTexts++;
    onPrompt?.(i);
  }
  const note = `--spec-type ngram-simple; ${sameTexts} of ${prompts.length} texts as the base's`;
  return [
    toRow(SPECULATIVE, UNIT, ratios.speculative, note),
    toRow(PLAIN, UNIT, ratios.plain, 'the same server without speculation'),
  ];
}

const completion = z.object({ content: z.string() });

async function complete(server: ServerProcess, { pair }: BenchPair, prompt: string, maxTokens: number) {
  const { text, stop } = pair.baseFormat.format([{ role: 'user', content: prompt }]);
  const body = { prompt: await pair.base.encode(text), n_predict: maxTokens, temperature: 0, stop };
  const start = performance.now();
  const response = await fetch(`${server.url}/completion`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`llama-server answered ${response.status}: ${await response.text()}`);
  const { content } = completion.parse(await response.json());
  const ms = performance.now() - start;
  // Its own count has the tokens of a stop string as well, which are no part of the response.
  const tokens = await pair.base.encode([{ text: content, control: false }]);
  return { text: content, msPerToken: ms / tokens.length };
}
