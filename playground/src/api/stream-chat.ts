import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Alternative, ResponseEnd, ShownToken } from '../trace/shown-response.ts';
import { ask, AskError } from './ask.ts';

export interface ChatTurn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string;
}

interface Chunk {
  readonly error?: { readonly message: string };
  readonly choices?: readonly {
    readonly finish_reason: string | null;
    readonly logprobs: { readonly content: readonly { readonly top_logprobs?: readonly TopLogprob[] }[] } | null;
  }[];
  readonly usage?: ResponseEnd['usage'] | null;
  readonly wellbegun?: { readonly tokens?: readonly ShownToken[]; readonly trace?: ResponseEnd['trace'] };
}

interface TopLogprob {
  readonly token: string;
  readonly logprob: number;
}

/**
 * The tokens of a response as they come. @param fields of the request besides `model` and `messages`
 *
 * @throws AskError for a refusal, and for a stream that ends before the response does; AbortError
 */
export async function* streamChat(
  model: string,
  messages: readonly ChatTurn[],
  fields: object,
  signal: AbortSignal,
): AsyncGenerator<ShownToken, ResponseEnd, void> {
  const told = { stream: true, stream_options: { include_usage: true }, token_source: true, trace: true };
  const body = { model, messages, ...told, ...fields };
  const response = await ask('v1/chat/completions', body, signal);
  const end: { -readonly [K in keyof ResponseEnd]?: ResponseEnd[K] } = {};
  for await (const data of eventsOf(response)) {
    if (data === '[DONE]') break;
    const { error, choices: [choice] = [], wellbegun, usage } = JSON.parse(data) as Chunk;
    if (error) throw new AskError(error.message);
    const alternatives = alternativesOf(choice?.logprobs?.content[0]?.top_logprobs);
    for (const token of wellbegun?.tokens ?? []) yield { ...token, ...alternatives };
    if (choice?.finish_reason) end.finishReason = choice.finish_reason;
    if (wellbegun?.trace) end.trace = wellbegun.trace;
    if (usage) end.usage = usage;
  }
  if (end.finishReason === undefined || !end.trace || !end.usage)
    throw new AskError('The gateway ended in the middle of the response: what came of it is here.');
  return end as ResponseEnd;
}

function alternativesOf(top: readonly TopLogprob[] = []): { alternatives?: readonly Alternative[] } {
  return top.length === 0 ? {} : { alternatives: top.map(({ token: text, logprob }) => ({ text, logprob })) };
}

async function* eventsOf({ body }: Response): AsyncGenerator<string, void, void> {
  const reader = body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value.data;
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new AskError('The connection to the gateway was lost: what came of the response is here.');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
