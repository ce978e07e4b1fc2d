import type { ServedModel } from '../served-model.ts';
import { readPrompts } from '../text/read-prompts.ts';
import { ApiError } from './api-error.ts';
import type { CompletionRequest } from './completion-request.ts';
import { switchSettings } from '../../settings/request-fields.ts';

/** @throws ApiError for fields that do not go together, or not with this model */
export function assertCompletion(request: CompletionRequest, model: ServedModel): void {
  const wrong = (param: string, message: string) => {
    throw new ApiError(400, message, { param, code: 'invalid_value' });
  };
  if (request.stream_options && !request.stream) {
    wrong('stream_options', '"stream_options" is only for streams: set "stream" to true, or leave it out.');
  }
  const temperature = request.temperature ?? model.defaults.sampling.temperature;
  if (request.logprobs === 1 && (temperature > 0 || (request.repetition_penalty ?? 1) !== 1)) {
    wrong(
      'logprobs',
      'The most likely tokens are known of greedy responses only: set "temperature" to 0, or "logprobs" to 0.',
    );
  }
  if (model.text) assertText(request, model, wrong);
  else assertConversation(request, model, wrong);
}

type Wrong = (param: string, message: string) => void;

function assertText(request: CompletionRequest, { id }: ServedModel, wrong: Wrong): void {
  const [option] = Object.keys(switchSettings(request));
  if (option !== undefined) wrong(option, `${id} is one model alone, which has no switch: leave out ${option}.`);
}

function assertConversation(request: CompletionRequest, { id }: ServedModel, wrong: Wrong): void {
  const base = `${id.replace(/:draft$/, '')}:base`;
  const [first] = readPrompts(request);
  if (typeof first !== 'string') wrong('prompt', `${id} answers text, not token ids: ask ${base} to go on from ids.`);
  if (request.echo) wrong('echo', `${id} answers the prompt and does not go on from it: ask ${base} for an echo.`);
  if (request.logprobs === 1) wrong('logprobs', `${id} gives each token's own logprob only: set "logprobs" to 0.`);
  if (request.max_tokens === 0) wrong('max_tokens', '"max_tokens" must be at least 1 where the prompt is answered.');
  if (readPrompts(request).some((prompt) => String(prompt).trim() === '')) {
    wrong('prompt', 'The prompt is empty: say what to answer.');
  }
}
