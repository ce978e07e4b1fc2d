import { llamaServerDialect, scoreByGrammar } from '../../src/engines/index.ts';
import type { LanguageModel, TokenId, TokenScore } from '../../src/index.ts';
import { type Row, toRow } from '../row.ts';
import { CountingClient } from './counting-client.ts';
import { scoreByBias } from './score-by-bias.ts';

/** A draft in the base's tokens, and the prompt that it answers. */
export interface ScoredDraft {
  readonly prefix: readonly TokenId[];
  readonly draft: readonly TokenId[];
}

export interface WaysOptions {
  readonly url: string;
  /** The same model inside the process. */
  readonly embedded: LanguageModel;
  readonly drafts: readonly ScoredDraft[];
  /** Tokens a scoring, as weak-to-strong decoding asks for them. */
  readonly chunkTokens: number;
  readonly rounds: number;
}

const WAYS = { grammar: scoreByGrammar, bias: scoreByBias };
type Way = keyof typeof WAYS;

interface Measured {
  readonly msPerToken: number;
  readonly requests: number;
  readonly scores: readonly TokenScore[];
}

/** Both ways in turn, on the same drafts, with the prompt in the server's cache and nothing of the draft. */
export async function measureScoringWays(options: WaysOptions): Promise<Row[]> {
  const all: Record<Way, Measured[]> = { grammar: [], bias: [] };
  const apart = { ways: 0, embedded: 0 };
  for (let round = 0; round < options.rounds; round++) {
    for (const draft of options.drafts) {
      const order: readonly Way[] = round % 2 === 0 ? ['grammar', 'bias'] : ['bias', 'grammar'];
      const measured = new Map<Way, Measured>();
      for (const way of order) measured.set(way, await measure(options, draft, way));
      const [grammar, bias] = [measured.get('grammar')!, measured.get('bias')!];
      const embedded = await options.embedded.score(draft.prefix, draft.draft);
      all.grammar.push(grammar);
      all.bias.push(bias);
      apart.ways = Math.max(apart.ways, worst(grammar.scores, bias.scores));
      apart.embedded = Math.max(apart.embedded, worst(grammar.scores, embedded), worst(bias.scores, embedded));
    }
  }
  const tokens = options.drafts.reduce((sum, { draft }) => sum + draft.length, 0);
  const rows = (Object.keys(WAYS) as Way[]).flatMap((way) => [
    toRow(
      `score-by-${way}`,
      'ms a token',
      all[way].map(({ msPerToken }) => msPerToken),
    ),
    toRow(
      `score-by-${way}-requests`,
      'requests',
      [all[way].slice(0, options.drafts.length).reduce((sum, { requests }) => sum + requests, 0)],
      `for ${tokens} tokens of ${options.drafts.length} drafts`,
    ),
  ]);
  return [
    ...rows,
    toRow(
      'bias-vs-grammar',
      'ratio of time',
      all.bias.map(({ msPerToken }, i) => msPerToken / all.grammar[i]!.msPerToken),
    ),
    toRow('ways-apart', 'nats', [apart.ways], 'largest difference of a logprob between both'),
    toRow('embedded-apart', 'nats', [apart.embedded], 'largest difference of one to the embedded engine'),
  ];
}

async function measure({ url, chunkTokens }: WaysOptions, { prefix, draft }: ScoredDraft, way: Way): Promise<Measured> {
  const client = new CountingClient({ engine: 'llama-server', url });
  try {
    await readPrompt(client, prefix);
    client.requests = 0;
    const scores: TokenScore[] = [];
    const startMs = performance.now();
    for (let done = 0; done < draft.length; done += chunkTokens) {
      const before = [...prefix, ...draft.slice(0, done)];
      scores.push(...(await WAYS[way](client, before, draft.slice(done, done + chunkTokens), {})));
    }
    return { msPerToken: (performance.now() - startMs) / draft.length, requests: client.requests, scores };
  } finally {
    await client.close();
  }
}

/** Leaves the prompt in the server's cache, and nothing behind it. */
async function readPrompt(client: CountingClient, prefix: readonly TokenId[]): Promise<void> {
  const writing = llamaServerDialect(client).generate(prefix, { temperature: 0, maxTokens: 1 });
  while (!(await writing.next()).done);
}

function worst(left: readonly TokenScore[], right: readonly TokenScore[]): number {
  return left.reduce((most, { logprob }, i) => Math.max(most, Math.abs(logprob - right[i]!.logprob)), 0);
}
