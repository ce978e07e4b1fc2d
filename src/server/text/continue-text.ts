import { settingName } from '../../core/setting-name.ts';
import type { DecodeEvent, DecodeTrace } from '../../core/decode-event.ts';
import type { DecodeRequest } from '../../core/decoding-strategy.ts';
import { assertGivesLogprobs } from '../../core/assert-gives-logprobs.ts';
import { assertTakes } from '../../core/assert-takes.ts';
import type { LanguageModel, TokenId } from '../../core/language-model.ts';
import { ResponseRecorder } from '../../core/response-recorder.ts';
import { assertFits } from '../../core/token-budget.ts';
import { writeWithModel } from '../../core/write-with-model.ts';

/** The model goes on from plain text: no form of a conversation, and no stop strings but the request's. */
export async function* continueText(
  model: LanguageModel,
  prompt: readonly TokenId[],
  request: DecodeRequest,
): AsyncGenerator<DecodeEvent, DecodeTrace, void> {
  const record = new ResponseRecorder(request);
  record.promptTokens = prompt.length;
  if (request.maxTokens !== 0) {
    assertTakes(request, model);
    assertGivesLogprobs(model, model.capabilities.generatedLogprobs, request);
    assertFits(model, prompt.length, { option: settingName('maxTokens'), tokens: request.maxTokens });
  }
  yield record.start({ strategy: 'base', models: { base: model.id } });
  if (request.maxTokens === 0) return yield* record.end('length');
  const finish = yield* writeWithModel(model, prompt, record);
  return yield* record.end(finish);
}
