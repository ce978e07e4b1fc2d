/** The two exact ways to make llama-server score, on the default base: docs/engines.md has the figures. */
import { parseArgs } from 'node:util';
import { startLlamaServer } from '../scripts/start-llama-server.ts';
import { measureScoringWays, type ScoredDraft } from './llama-server-scoring/measure-scoring-ways.ts';
import { openBenchPair } from './pair.ts';
import { printRows } from './print-rows.ts';
import { PROMPTS } from './prompts.ts';
import { respond } from './respond.ts';

const { values } = parseArgs({
  options: {
    prompts: { type: 'string', default: '3' },
    'max-draft': { type: 'string', default: '48' },
    chunk: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '4' },
    threads: { type: 'string', default: '2' },
  },
});

const { pair, base, basePath } = await openBenchPair(Number(values.threads));
// Without rearranged weights, as the embedded engine has them.
const server = await startLlamaServer(['-m', basePath, '-t', values.threads, '-c', '4096', '-np', '1', '--no-repack']);
try {
  const drafts: ScoredDraft[] = [];
  for (const prompt of PROMPTS.slice(0, Number(values.prompts))) {
    const { text } = await respond(pair, { strategy: 'draft', prompt, maxTokens: Number(values['max-draft']) });
    const prefix = await base.encode(pair.baseFormat.format([{ role: 'user', content: prompt }]).text);
    drafts.push({ prefix, draft: await base.encode([{ text, control: false }]) });
  }
  const rows = await measureScoringWays({
    url: server.url,
    embedded: base,
    drafts,
    chunkTokens: Number(values.chunk),
    rounds: Number(values.rounds),
  });
  printRows(rows);
} finally {
  await server.close();
  await pair.close();
}
