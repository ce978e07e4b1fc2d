import { CapabilityError, EngineError } from '../../core/errors.ts';
import type { CallOptions, TokenId } from '../../core/language-model.ts';
import { HttpClient } from '../http/http-client.ts';
import { assertServedTokenizer, SCRIPTS_PROBE } from '../network/assert-served-tokenizer.ts';
import { chooseModel } from '../network/choose-model.ts';
import { closeOnFailure } from '../network/close-on-failure.ts';
import { openLocalTokenizer } from '../network/local-tokenizer.ts';
import { NetworkModel } from '../network/network-model.ts';
import type { NetworkModelOptions } from '../network/network-model-options.ts';
import type { NetworkTokenizer } from '../network/network-tokenizer.ts';
import { probeScoring } from '../network/probe-scoring.ts';
import { told } from '../network/told.ts';
import { looksControl, openServerTokenizer, type ServerTokenizerOptions } from '../network/server-tokenizer.ts';
import { llamaServerDialect } from './llama-server-dialect.ts';
import {
  detokenizedContent,
  llamaModelList,
  type Props,
  props,
  slots,
  tokenizedPieces,
} from './llama-server-replies.ts';

const REPLACEMENT = '\u{FFFD}';

/**
 * A base model on a llama-server.
 *
 * @throws EngineError where the server can't be reached, CapabilityError where its scores would not be the model's own
 */
export async function openLlamaServerModel(options: NetworkModelOptions): Promise<NetworkModel> {
  const { address, signal } = options;
  const client = new HttpClient({ ...options, engine: 'llama-server', url: address.url.replace(/\/v1$/, '') });
  return await closeOnFailure(client, async () => {
    const list = await client.get('/v1/models', llamaModelList, { signal });
    const model = chooseModel(list.data, address.model, client.server);
    const settings = await client.get('/props', props, { signal });
    const { n_ctx, params } = settings.default_generation_settings;
    await assertOwnProbabilities(client, params?.backend_sampling ?? false, signal);
    const tokenizer = options.tokenizer
      ? await openGivenTokenizer(client, settings, options.tokenizer, { signal })
      : await openTokenizer(client, settings, model.meta?.n_vocab, { signal });
    const opened = new NetworkModel({
      id: model.id,
      // The server stops one token before its context is full, and writes one more than it is asked to score.
      contextLength: Math.min(n_ctx - 2, options.contextLength ?? Infinity),
      client,
      tokenizer,
      dialect: llamaServerDialect(client),
    });
    await probeScoring(opened, client.server, signal && { signal });
    return opened;
  });
}

/** Speculation and sampling in the backend report a probability of 1 for tokens that they took over. */
async function assertOwnProbabilities(
  client: HttpClient,
  backendSampling: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { url } = client.server;
  const refuse = (what: string, wayOut: string) =>
    new CapabilityError('not-own-probabilities', `llama-server at ${url} can't be a base: ${what}. ${wayOut}`);
  if (backendSampling) {
    throw refuse('it samples in the backend, which hides probabilities', 'Start it without --backend-sampling.');
  }
  const all = await client.get('/slots', slots, { signal }).catch((cause: unknown) => {
    if (!(cause instanceof EngineError) || cause.status === undefined) throw cause;
    throw refuse('it does not say whether it speculates', 'Start it without --no-slots.');
  });
  if (all.some(({ speculative }) => speculative)) {
    throw refuse('it speculates, and reports probability 1 for tokens it guessed', 'Start it without a draft model.');
  }
}

async function openGivenTokenizer(
  client: HttpClient,
  { bos_token }: Props,
  path: string,
  opening: CallOptions,
): Promise<NetworkTokenizer> {
  const tokenizer = await openLocalTokenizer(path);
  const body = { content: SCRIPTS_PROBE, add_special: false, parse_special: false, with_pieces: true };
  const asked = client.ask('/tokenize', body, tokenizedPieces, opening);
  const ids = asked.then(({ tokens }) => tokens.map(({ id }) => id));
  await assertServedTokenizer({ path, tokenizer }, client.server, ids);
  const { bosText = bos_token ?? '', addsBos } = tokenizer;
  return { ...tokenizer, bosText, addsBos: (await told(addsBeginning(client, opening))) ?? addsBos };
}

/** Of itself, the server says only what it would add to a text. */
async function addsBeginning(client: HttpClient, opening: CallOptions): Promise<boolean> {
  const idsOf = async (special: boolean) => {
    const body = { content: 'a', add_special: special, parse_special: false, with_pieces: true };
    const { tokens } = await client.ask('/tokenize', body, tokenizedPieces, opening);
    return tokens.map(({ id }) => id);
  };
  const [begun, plain] = [await idsOf(true), await idsOf(false)];
  return begun[0] !== plain[0];
}

async function openTokenizer(
  client: HttpClient,
  { bos_token, eos_token }: Props,
  vocabularySize: number | null | undefined,
  opening: CallOptions,
): Promise<NetworkTokenizer> {
  const ask = async (content: string, special: boolean, call: CallOptions) => {
    const body = { content, add_special: false, parse_special: special, with_pieces: true };
    return (await client.ask('/tokenize', body, tokenizedPieces, call)).tokens;
  };
  const controlToken = async (text: string, call: CallOptions) => {
    const [[token, ...more], plain] = [await ask(text, true, call), await ask(text, false, call)];
    const isControl = token !== undefined && more.length === 0 && plain[0]?.id !== token.id;
    return isControl ? (token.id as TokenId) : undefined;
  };
  const options: ServerTokenizerOptions = {
    server: client.server,
    bosText: bos_token ?? undefined,
    addsBos: await addsBeginning(client, opening),
    eosText: eos_token ?? undefined,
    async tokenize(text, call) {
      const tokens = await ask(text, false, call);
      return tokens.map(({ id, piece }) => ({
        id: id as TokenId,
        bytes: typeof piece === 'string' ? Buffer.from(piece, 'utf8') : Uint8Array.from(piece),
      }));
    },
    controlToken,
    async detokenize(token, call) {
      const { content } = await client.ask('/detokenize', { tokens: [token] }, detokenizedContent, call);
      if (content.includes(REPLACEMENT)) return undefined;
      // It shows control tokens as their texts here, and not where it writes.
      return looksControl(content) && (await controlToken(content, call)) === token ? '' : content;
    },
  };
  const tokenizer = await openServerTokenizer(options, opening);
  return vocabularySize == null ? tokenizer : { ...tokenizer, vocabularySize };
}
