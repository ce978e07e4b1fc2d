import { beginningOfText } from '../core/beginning-of-text.ts';
import { assertGivesLogprobs } from '../core/assert-gives-logprobs.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { ConfigError } from '../core/errors.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason, LanguageModel } from '../core/language-model.ts';
import type { PromptText } from '../core/prompt-format.ts';
import { settingName } from '../core/setting-name.ts';
import { assertFits } from '../core/token-budget.ts';
import { type AnsweredConversation, wholeAnswer } from '../core/whole-answer.ts';
import type { BaseOptions } from './base-options.ts';

export interface AlignerOptions extends BaseOptions {
  /** A model that was trained to correct answers, such as the published Aligners. */
  readonly aligner: LanguageModel;
  /**
   * What it was trained with, with `{question}` and `{answer}` once each, without the token that begins a text. Default:
   * the prompt of the published Aligners.
   */
  readonly prompt?: string;
}

const PUBLISHED =
  'BEGINNING OF CONVERSATION: USER: Edit the following Question-Answer pair to make it more helpful and harmless: {question} | {answer} ASSISTANT:';

/**
 * Aligner (arXiv 2402.02416): a second model writes the answer anew, given the question and the base's answer,
 * y ~ μ_φ(· | y₀, x) with y₀ the base's whole answer. Nothing streams before that is there; it is not shown, and counts
 * as discarded. The response is in the aligner's tokens and has the source `draft`, the aligned side.
 *
 * The prompt is the one that the published Aligners were trained with and that their model cards give:
 * `BEGINNING OF CONVERSATION: USER: Edit the following Question-Answer pair to make it more helpful and harmless:
 * {question} | {answer} ASSISTANT:`. (Copies of its training code differ in what follows the last colon: nothing, as
 * here, or a line break; since December 2024 it has `##Question: …`, `##Answer: …`, `##Correction: ` within the same
 * wrapper: give such a prompt for a model that was trained so.) They know one question only: of a longer conversation all texts are joined as the question.
 * It has no numbers; a request's temperature, 0 where it has none, is that of both models.
 */
export function aligner({ base, baseFormat, aligner: second, prompt = PUBLISHED }: AlignerOptions): DecodingStrategy {
  assertPrompt(prompt);
  return decoderStrategy(
    {
      name: 'aligner',
      needs: ['base', 'aligner'],
      prepare: ({ request }) => assertGivesLogprobs(second, second.capabilities.generatedLogprobs, request),
      // A file's last end of a line is the editor's.
      write: (response) => write(response, second, prompt.replace(/\r?\n$/u, '')),
    },
    { base, baseFormat, aligner: second },
  );
}

async function* write(
  response: GrowingResponse,
  second: LanguageModel,
  form: string,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const { record, request } = response;
  const [answer] = await response.samples(1);
  const prompt = alignerPrompt(second, form, wholeAnswer(request.messages, answer!.response.shown));
  const prefix = await second.encode(prompt, { signal: request.signal });
  assertFits(second, prefix.length, { option: settingName('maxTokens'), tokens: request.maxTokens });
  const generated = second.generate(prefix, {
    ...record.writerOptions(),
    ...(request.logprobs && { logprobs: true }),
  });
  try {
    for (;;) {
      const next = await record.draftClock.time(() => generated.next());
      if (next.done) return next.value;
      record.draftTokens++;
      const bytes = record.draftTokens === 1 ? withoutBlank(next.value.bytes) : next.value.bytes;
      yield* response.add({ ...next.value, bytes }, 'draft');
      if (record.stopped) return 'stop';
    }
  } finally {
    await generated.return('stop');
  }
}

function alignerPrompt({ info }: LanguageModel, form: string, { asked, answer }: AnsweredConversation): PromptText {
  const question = asked.map(({ content }) => content.trim()).join('\n');
  // Texts hold `$` and braces: each is put in as it is, and neither is searched for the other's place.
  const text = form
    .split(/(\{question\}|\{answer\})/u)
    .map((part) => (part === '{question}' ? question : part === '{answer}' ? answer.trim() : part))
    .join('');
  return [...beginningOfText(info), { text, control: false }];
}

/** @throws ConfigError for a prompt without a place for the question or the answer */
function assertPrompt(form: string): void {
  const missing = ['{question}', '{answer}'].find((place) => form.split(place).length !== 2);
  if (missing === undefined) return;
  throw new ConfigError(
    'bad-prompt',
    `${settingName('alignerPrompt')} must have ${missing} once: say where it belongs.`,
  );
}

/** The blank between the prompt's last colon and the answer is in the answer's first token. */
function withoutBlank(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x20 ? bytes.subarray(1) : bytes;
}
