import type { ChatMessage, Pair, TokenId, TokenScore } from '../../src/index.ts';

export interface WholeDraft {
  /** All that the draft wrote. */
  readonly draftText: string;
  /** How many of the draft's tokens are kept, in the base's vocabulary. */
  readonly k: number;
  readonly reason: 'confident' | 'draft-ended' | 'draft-limit';
  readonly keptText: string;
  readonly scores: readonly TokenScore[];
  /** g_i of each token, from the window's end on. */
  readonly means: readonly number[];
}

export interface Setting {
  readonly window: number;
  readonly gamma: number;
  readonly maxDraft: number;
}

/** The paper's schedule, as its authors' code has it: draft all, then score all, then find the switch. */
export async function scoreWholeDraft(
  pair: Pair,
  messages: readonly ChatMessage[],
  setting: Setting,
): Promise<WholeDraft> {
  const { text, end } = await writeDraft(pair, messages, setting.maxDraft);
  const prompt = pair.baseFormat.format(messages).text;
  const promptTokens = await pair.base.encode(prompt);
  const all = await pair.base.encode([...prompt, { text: text.trimEnd(), control: false }]);
  const seam = all.findIndex((token, i) => token !== promptTokens[i]);
  const start = seam < 0 ? all.length : seam;
  const scores = await pair.base.score(all.slice(0, start), all.slice(start));
  const means = scores.map((_, i) => geometricMean(scores.slice(Math.max(0, i - setting.window + 1), i + 1)));
  const hit = means.findIndex((mean, i) => i >= setting.window - 1 && mean >= setting.gamma);
  const k = hit < 0 ? scores.length : hit + 1;
  return {
    draftText: text,
    k,
    reason: hit >= 0 ? 'confident' : end === 'stop' ? 'draft-ended' : 'draft-limit',
    keptText: await textAfterPrompt(pair, promptTokens, all.slice(0, start + k)),
    scores,
    means,
  };
}

/** The same pair, with a note of what the draft writes. */
export function noteDraft(pair: Pair): { readonly noted: Pair; readonly draftText: () => string } {
  let text = '';
  const { draft } = pair;
  async function* write(...args: Parameters<typeof draft.write>): ReturnType<typeof draft.write> {
    const pieces = draft.write(...args);
    try {
      for (;;) {
        const next = await pieces.next();
        if (next.done) return next.value;
        text += next.value.text;
        yield next.value;
      }
    } finally {
      await pieces.return('stop');
    }
  }
  return { noted: { ...pair, draft: { ...draft, write } }, draftText: () => text };
}

async function writeDraft({ draft }: Pair, messages: readonly ChatMessage[], maxTokens: number) {
  const pieces = draft.write(messages, { temperature: 0, maxTokens });
  let text = '';
  for (;;) {
    const next = await pieces.next();
    if (next.done) return { text, end: next.value };
    text += next.value.text;
  }
}

function geometricMean(scores: readonly TokenScore[]): number {
  return Math.exp(scores.reduce((sum, { logprob }) => sum + logprob, 0) / scores.length);
}

/** What the tokens say after the prompt; a character cut in two by the switch is not part of it. */
async function textAfterPrompt(
  { base }: Pair,
  prompt: readonly TokenId[],
  tokens: readonly TokenId[],
): Promise<string> {
  const [before, all] = await Promise.all([base.decode(prompt), base.decode(tokens)]);
  const bytes = Buffer.concat(all).subarray(Buffer.concat(before).length);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
