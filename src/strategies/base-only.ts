import { settingName } from '../core/setting-name.ts';
import { assertGivesLogprobs } from '../core/assert-gives-logprobs.ts';
import { assertTakes } from '../core/assert-takes.ts';
import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import type { LanguageModel } from '../core/language-model.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { ResponseRecorder } from '../core/response-recorder.ts';
import { assertFits } from '../core/token-budget.ts';
import { writeWithModel } from '../core/write-with-model.ts';

/**
 * The base model alone, zero-shot: y ~ base(· | x), what weak-to-strong decoding starts from (the baseline "Base" of
 * arXiv 2506.07434). It has no numbers of its own; unset, the request's temperature is 0, as in the authors' code.
 */
export function baseOnly(
  options: { readonly base: LanguageModel; readonly baseFormat: PromptFormat },
  /** What traces call it. */
  name = 'base',
): DecodingStrategy {
  return { name, decode: (request) => decode(options, name, request) };
}

async function* decode(
  { base, baseFormat }: Parameters<typeof baseOnly>[0],
  strategy: string,
  request: DecodeRequest,
): ReturnType<DecodingStrategy['decode']> {
  assertTakes(request, base);
  assertGivesLogprobs(base, base.capabilities.generatedLogprobs, request);
  const prompt = baseFormat.format(request.messages);
  const record = new ResponseRecorder(request, prompt.stop);
  const prefix = await base.encode(prompt.text, { signal: request.signal });
  record.promptTokens = prefix.length;
  assertFits(base, prefix.length, { option: settingName('maxTokens'), tokens: request.maxTokens });
  yield record.start({ strategy, models: { base: base.id } });
  const finish = yield* writeWithModel(base, prefix, request, record);
  return yield* record.end(finish);
}
