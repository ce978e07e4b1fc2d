import assert from 'node:assert/strict';

import { commonPrefixLength } from '../../src/core/common-prefix-length.ts';
import type { ChatMessage, DecodeTrace, LanguageModel, PromptFormat, TokenId } from '../../src/index.ts';

/** Another place in the cache moves logprobs by up to 0.36 nats (docs/decisions/0005), and so decides near-ties. */
export const TIE_NATS = 0.4;
/** Of the head of a distribution: a token that is not among so many is no near-tie. */
const CANDIDATES = 8;

export interface Writer {
  readonly model: LanguageModel;
  readonly format: PromptFormat;
}

/** Who wrote the responses, and in answer to what. */
export interface Origin {
  readonly base: Writer;
  readonly draft: Writer;
  readonly gamma: number;
  readonly messages: readonly ChatMessage[];
}

/**
 * The same greedy response of a draft and a base, up to the first place where rounding may decide: how many tokens one
 * pass takes follows measured times, and batches of other shapes round differently.
 */
export async function assertSameButForTies(actual: DecodeTrace, expected: DecodeTrace, origin: Origin): Promise<void> {
  const [own, other] = [idsOf(actual), idsOf(expected)];
  const at = commonPrefixLength(own, other);
  if (at === own.length && at === other.length) {
    assert.equal(actual.text, expected.text);
    return;
  }
  const [first, second] = [actual, expected].toSorted((a, b) => switchIndex(a) - switchIndex(b));
  if (switchIndex(first!) > at) await assertDraftTie(first!, second!, origin);
  else if (switchIndex(first!) < switchIndex(second!)) await assertSwitchTie(first!, second!, origin);
  else {
    const { model, format } = origin.base;
    const prompt = await model.encode(format.format(origin.messages).text);
    await assertSameTokensButForTies(model, prompt, [own, other]);
  }
}

/** The same tokens after the prefix, or both of the first pair that differs are as good as the model's first choice. */
export async function assertSameTokensButForTies(
  model: LanguageModel,
  prefix: readonly TokenId[],
  [own, other]: readonly [readonly TokenId[], readonly TokenId[]],
): Promise<void> {
  const at = commonPrefixLength(own, other);
  if (at === own.length && at === other.length) return;
  const { candidates } = await model.nextTokens!([...prefix, ...own.slice(0, at)], CANDIDATES);
  for (const id of [own[at], other[at]]) {
    const found = candidates.find(({ token, ends }) => (id === undefined ? ends : token === id));
    const logprobs = `${found?.logprob} beside ${candidates[0]!.logprob}`;
    assert.ok(
      found && found.logprob > candidates[0]!.logprob - TIE_NATS,
      `${id ?? 'the end'} at ${at} is no tie: ${logprobs}`,
    );
  }
}

/** The draft itself went on in another way. */
async function assertDraftTie(one: DecodeTrace, another: DecodeTrace, { draft, messages }: Origin): Promise<void> {
  const { model, format } = draft;
  const prompt = format.format(messages).text;
  const encode = (trace: DecodeTrace) => model.encode([...prompt, { text: draftText(trace), control: false }]);
  const [own, other] = [await encode(one), await encode(another)];
  assert.notDeepEqual(own, other, 'one draft gave other tokens of the base');
  await assertSameTokensButForTies(model, [], [own, other]);
}

/** The base took over earlier in one of them: its window reached the threshold there, and just missed it in the other. */
async function assertSwitchTie(earlier: DecodeTrace, later: DecodeTrace, origin: Origin): Promise<void> {
  if (earlier.switch!.reason !== 'confident') {
    await assertDraftTie(earlier, later, origin);
    return;
  }
  const [reached, missed] = [earlier, later].map(({ tokens }) => tokens[earlier.switch!.index - 1]!.window!);
  const windows = `windows ${reached} and ${missed} at k = ${earlier.switch!.index}`;
  assert.ok(reached! >= origin.gamma && missed! < origin.gamma, windows);
  assert.ok(Math.log(reached! / missed!) < TIE_NATS, windows);
}

const idsOf = ({ tokens }: DecodeTrace): TokenId[] => tokens.map(({ id }) => id!);

const switchIndex = (trace: DecodeTrace): number => trace.switch?.index ?? Infinity;

const draftText = ({ tokens }: DecodeTrace): string =>
  tokens
    .filter(({ source }) => source === 'draft')
    .map(({ text }) => text)
    .join('');
