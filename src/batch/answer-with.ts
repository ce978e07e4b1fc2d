import type { DecodeOptions } from '../assembly/decode-options.ts';
import { decode } from '../assembly/decode.ts';
import type { Models } from '../assembly/load-pair.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { verbatimForm } from '../prompts/verbatim-form.ts';
import { type Answer, type BatchRequest, nextTurn } from './batch-request.ts';

/** What a request says, and what it leaves open. */
export function requestOptions(
  options: DecodeOptions,
  { sampling, messages, maxResponseTokens, stop }: BatchRequest,
): DecodeOptions {
  return {
    ...options,
    ...sampling,
    messages,
    ...(maxResponseTokens !== undefined && { maxResponseTokens }),
    ...(stop && { stop }),
  };
}

/** Answers requests by models; what a request leaves open is said by the options. */
export function answerWith(models: Models, options: DecodeOptions): Answer {
  return async (request, signal) => {
    const { base } = models;
    const { basePrompt, followUps = [] } = request;
    const seen = base && basePrompt !== undefined ? { baseFormat: verbatimForm(base.info, basePrompt) } : {};
    const ask = (messages: typeof request.messages) =>
      responseTo({ ...models, ...seen }, { ...requestOptions(options, request), messages, signal });
    let messages = request.messages;
    let last = await ask(messages);
    const traces = [last];
    for (const content of followUps) {
      messages = nextTurn(messages, last.text, content);
      last = await ask(messages);
      traces.push(last);
    }
    const [first, ...more] = traces;
    return { ...first!, ...(followUps.length > 0 && { followUps: more }) };
  };
}

async function responseTo(models: Models, options: DecodeOptions): Promise<DecodeTrace> {
  const events = decode(models, options);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}
