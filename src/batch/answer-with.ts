import type { DecodeOptions } from '../assembly/decode-options.ts';
import { decode } from '../assembly/decode.ts';
import type { Models } from '../assembly/load-pair.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { verbatimForm } from '../prompts/verbatim-form.ts';
import type { Answer } from './batch-request.ts';

/** Answers requests by models; what a request leaves open is said by the options. */
export function answerWith(models: Models, options: DecodeOptions): Answer {
  return async ({ sampling, basePrompt, followUps = [], ...request }, signal) => {
    const { base } = models;
    const seen = base && basePrompt !== undefined ? { baseFormat: verbatimForm(base.info, basePrompt) } : {};
    const ask = (messages: typeof request.messages) =>
      responseTo({ ...models, ...seen }, { ...options, ...sampling, ...request, messages, signal });
    let messages = request.messages;
    let last = await ask(messages);
    const traces = [last];
    for (const content of followUps) {
      messages = [...messages, { role: 'assistant', content: last.text }, { role: 'user', content }];
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
