import { quantile } from '../../src/core/index.ts';
import type { Pair, TokenId } from '../../src/index.ts';
import type { PairCosts } from './cost-model.ts';
import { interpolatePasses, type MeasuredPass } from './interpolate.ts';

/** The terms as they are kept in a file: the passes that `scoreMs` is made of, in its place. */
export interface MeasuredCosts extends Omit<PairCosts, 'scoreMs'> {
  readonly passes: readonly MeasuredPass[];
}

export function toPairCosts(measured: MeasuredCosts): PairCosts {
  return { ...measured, scoreMs: interpolatePasses(measured.passes) };
}

const CHUNKS = [4, 8, 16, 32];
const GENERATED = 48;
const ROUNDS = 3;
const TEXT = 'The harbour was quiet in the early light, and the boats moved a little on the water. ';

/** Measures each term by itself, on texts that the schedules are not measured on. */
export async function measureCosts(pair: Pair): Promise<MeasuredCosts> {
  const draft = await measureDraft(pair);
  const base = await measureBase(pair);
  const passes = await measurePasses(pair);
  return {
    draftPromptMs: draft.promptMs,
    draftMsPerToken: draft.msPerToken,
    basePromptMs: base.promptMs,
    baseMsPerToken: base.msPerToken,
    passes,
    baseTokensPerDraftToken: draft.baseTokensPerToken,
  };
}

async function measureDraft({ draft, base }: Pair) {
  const rounds = [];
  for (let round = -1; round < ROUNDS; round++) {
    const messages = [{ role: 'user' as const, content: `Tell me story number ${round + 2} about a harbour.` }];
    let text = '';
    const options = { temperature: 0, maxTokens: GENERATED };
    const times = await timeTokens(draft.write(messages, options), (piece) => (text += piece.text));
    const tokens = await base.encode([{ text, control: false }]);
    if (round >= 0) rounds.push({ ...times, baseTokensPerToken: tokens.length / times.tokens });
  }
  return {
    promptMs: median(rounds.map(({ firstMs, msPerToken }) => Math.max(firstMs - msPerToken, 0))),
    msPerToken: median(rounds.map(({ msPerToken }) => msPerToken)),
    baseTokensPerToken: median(rounds.map(({ baseTokensPerToken }) => baseTokensPerToken)),
  };
}

async function measureBase({ base, baseFormat }: Pair) {
  const rounds = [];
  for (let round = -1; round < ROUNDS; round++) {
    const content = `Tell me tale number ${round + 2} about a harbour.`;
    const prefix = await base.encode(baseFormat.format([{ role: 'user', content }]).text);
    const times = await timeTokens(base.generate(prefix, { temperature: 0, maxTokens: GENERATED }));
    if (round >= 0) rounds.push(times);
  }
  return {
    promptMs: median(rounds.map(({ firstMs, msPerToken }) => Math.max(firstMs - msPerToken, 0))),
    msPerToken: median(rounds.map(({ msPerToken }) => msPerToken)),
  };
}

/** Chunks that follow one another, as a draft grows. */
async function measurePasses({ base }: Pair): Promise<MeasuredPass[]> {
  const bos = { text: base.info.bosText ?? '', control: true };
  const all = await base.encode([bos, { text: TEXT.repeat(40), control: false }]);
  const passes: MeasuredPass[] = [];
  for (const tokens of CHUNKS) {
    const times: number[] = [];
    for (let end = 16; end + tokens <= 16 + 6 * tokens; end += tokens) {
      // The first token is one of its own for each size, so that nothing of the size before is reused.
      const prefix = [...all.slice(0, 1), all[tokens]!, ...all.slice(2, end)] as TokenId[];
      const start = performance.now();
      await base.score(prefix, all.slice(end, end + tokens));
      if (end > 16) times.push(performance.now() - start);
    }
    passes.push({ tokens, ms: median(times) });
  }
  return passes;
}

async function timeTokens<T>(tokens: AsyncGenerator<T, unknown, void>, take?: (token: T) => void) {
  const start = performance.now();
  let firstMs = Number.NaN;
  let count = 0;
  for await (const token of tokens) {
    take?.(token);
    if (count++ === 0) firstMs = performance.now() - start;
  }
  const msPerToken = (performance.now() - start - firstMs) / (count - 1);
  return { firstMs, msPerToken, tokens: count };
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
