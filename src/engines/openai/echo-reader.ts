import { CapabilityError, EngineError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { ServerName } from '../http/http-failure.ts';
import { echoed, type TokenLogprobs } from './openai-replies.ts';

/** Reads what a server says of a prompt's tokens: legacy completions with `echo` and `logprobs`. */
export class EchoReader {
  readonly #client: HttpClient;
  readonly #model: string;
  /** Once it has echoed, what it refuses is something else. */
  #hasEchoed = false;

  constructor(client: HttpClient, model: string) {
    this.#client = client;
    this.#model = model;
  }

  /**
   * @returns an entry for each token of the prompt, null for the first one's logprob; one for a token that it wrote may follow
   * @throws CapabilityError where the server refuses `echo`, or answers without
   */
  async read(prompt: readonly TokenId[], signal: AbortSignal | undefined): Promise<TokenLogprobs> {
    const body = { model: this.#model, prompt, max_tokens: 1, temperature: 0, echo: true, logprobs: 1 };
    const { server } = this.#client;
    const reply = await this.#client.ask('/completions', body, echoed, { signal }).catch((cause: unknown) => {
      throw !this.#hasEchoed && isRefusal(cause) ? noPromptLogprobs(server, cause) : cause;
    });
    const { logprobs } = reply.choices[0];
    if (!logprobs || !isEcho(logprobs, prompt.length)) throw noPromptLogprobs(server);
    this.#hasEchoed = true;
    return logprobs;
  }
}

/** Some llama-servers say it with a status of 500. */
function isRefusal(error: unknown): error is EngineError {
  if (!(error instanceof EngineError)) return false;
  return error.code === 'refused' || error.code === 'not-found' || /\becho\b/i.test(error.reason ?? '');
}

/** The prompt's tokens, and the one that it had to write, unless it ended there. */
function isEcho({ logprobs: [first, ...others] }: TokenLogprobs, promptTokens: number): boolean {
  const isWhole = others.length === promptTokens - 1 || others.length === promptTokens;
  return isWhole && first === null && !others.slice(0, promptTokens - 1).includes(null);
}

function noPromptLogprobs({ engine, url }: ServerName, refusal?: EngineError): CapabilityError {
  const said = [refusal?.status, refusal?.reason].filter((part) => part !== undefined).join(': ');
  return new CapabilityError(
    'no-prompt-logprobs',
    `${engine} at ${url} does not return the logprobs of a prompt (echo with logprobs), which a base needs${said && ` (${said})`}: use a server that keeps this, or vllm:, sglang: or llama-server:.`,
    { cause: refusal },
  );
}
