import { beginningOfText } from '../core/beginning-of-text.ts';
import { settingName } from '../core/setting-name.ts';
import { assertTakes } from '../core/assert-takes.ts';
import { assertGivesLogprobs } from '../core/assert-gives-logprobs.ts';
import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { PromptText } from '../core/prompt-format.ts';
import { assertFits } from '../core/token-budget.ts';
import { type AnsweredConversation, wholeAnswer } from '../core/whole-answer.ts';
import { baseOnly } from './base-only.ts';
import { type BaseOptions, GrowingResponse } from './growing-response.ts';

export interface AlignerOptions extends BaseOptions {
  /** A model that was trained to correct answers, such as the published Aligners. */
  readonly aligner: LanguageModel;
}

/**
 * Aligner (arXiv 2402.02416): a second model writes the answer anew, given the question and the base's answer,
 * y ~ μ_φ(· | y₀, x) with y₀ the base's whole answer. Nothing streams before that is there; it is not shown, and counts
 * as discarded. The response is in the aligner's tokens and has the source `draft`, the aligned side.
 *
 * The prompt is the one that the published Aligners were trained with and that their model cards give:
 * `BEGINNING OF CONVERSATION: USER: Edit the following Question-Answer pair to make it more helpful and harmless:
 * {question} | {answer} ASSISTANT:`. (Copies of its training code differ in what follows the last colon: nothing, as
 * here, or a line break.) They know one question only: of a longer conversation all texts are joined as the question.
 * It has no numbers; a request's temperature, 0 where it has none, is that of both models.
 */
export function aligner(options: AlignerOptions): DecodingStrategy {
  return { name: 'aligner', decode: (request) => decode(options, request) };
}

async function* decode(options: AlignerOptions, request: DecodeRequest): ReturnType<DecodingStrategy['decode']> {
  const { aligner: second } = options;
  assertTakes(request, options.base, second);
  assertGivesLogprobs(second, second.capabilities.generatedLogprobs, request);
  const response = await GrowingResponse.open(options, request);
  const { record } = response;
  yield response.start('aligner', { aligner: second.id });
  const answer = await record.baseClock.time(() => baseAnswer(options, request));
  record.discardedTokens = answer.tokens;
  const prompt = alignerPrompt(second, wholeAnswer(request.messages, answer.text));
  const prefix = await second.encode(prompt, { signal: request.signal });
  assertFits(second, prefix.length, { option: settingName('maxTokens'), tokens: request.maxTokens });
  const generated = second.generate(prefix, {
    ...record.writerOptions(),
    ...(request.logprobs && { logprobs: true }),
  });
  try {
    for (;;) {
      const next = await record.draftClock.time(() => generated.next());
      if (next.done) return yield* record.end(next.value);
      record.draftTokens++;
      const { token, logprob } = next.value;
      const bytes = record.draftTokens === 1 ? withoutBlank(next.value.bytes) : next.value.bytes;
      yield* record.token({ id: token, source: 'draft', ...(logprob !== undefined && { logprob }) }, bytes);
      if (record.stopped) return yield* record.end('stop');
    }
  } finally {
    await generated.return('stop');
  }
}

async function baseAnswer(options: AlignerOptions, request: DecodeRequest) {
  const events = baseOnly(options).decode(request);
  for (;;) {
    const next = await events.next();
    if (next.done) return { text: next.value.text, tokens: next.value.usage.baseTokens };
  }
}

function alignerPrompt({ info }: LanguageModel, { asked, answer }: AnsweredConversation): PromptText {
  const question = asked.map(({ content }) => content.trim()).join('\n');
  return [
    ...beginningOfText(info),
    {
      text: `BEGINNING OF CONVERSATION: USER: Edit the following Question-Answer pair to make it more helpful and harmless: ${question} | ${answer.trim()} ASSISTANT:`,
      control: false,
    },
  ];
}

/** The blank between the prompt's last colon and the answer is in the answer's first token. */
function withoutBlank(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x20 ? bytes.subarray(1) : bytes;
}
