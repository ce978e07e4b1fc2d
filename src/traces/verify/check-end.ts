import type { RunResult } from '../../assembly/run-result.ts';
import { commonPrefixLength } from '../../core/common-prefix-length.ts';
import type { LanguageModel, TokenId } from '../../core/language-model.ts';
import { LoopDetector } from '../../core/loop-detector.ts';
import { ResponseStream } from '../../core/response-stream.ts';
import type { Findings } from './findings.ts';
import type { PlacedResponse } from './placed-response.ts';
import { askedStops, stopsOf } from './stops-of.ts';

const PAPER_MAX_TOKENS = 2048;
/** How much of a stop string, which is no part of the response, the base is let write. */
const MOST_UNSEEN = 48;

/** The response ends where the base would have ended it: by itself, by a stop string, or by a limit. */
export async function checkEnd(
  trace: RunResult,
  response: PlacedResponse,
  base: LanguageModel,
  toleranceNats: number,
  findings: Findings,
): Promise<void> {
  if (trace.finishReason === 'loop') return checkLoop(response, findings);
  const isLength = trace.finishReason === 'length';
  const left = tokensLeft(trace, response, base);
  if (isLength && left > MOST_UNSEEN)
    return findings.isFalse('end', `A limit is said to have ended the response, but ${left} tokens more were allowed.`);
  const added = await textAfter(trace, response, base, isLength ? Math.max(left, 0) : MOST_UNSEEN);
  if (
    added === '' ||
    (!isLength &&
      ((await mayEnd(response, base, toleranceNats)) || (await mayStop(trace, response, base, toleranceNats))))
  )
    return;
  findings.isFalse(
    'end',
    `The response does not end there: the base goes on with ${JSON.stringify(added.slice(0, 40))}.`,
  );
}

function checkLoop({ bytes }: PlacedResponse, findings: Findings): void {
  const loops = new LoopDetector();
  if (!bytes.some((piece) => loops.push(piece)))
    findings.isFalse('end', 'The response is said to repeat itself, and it does not.');
}

function tokensLeft(
  { usage, tokens, request: { settings } }: RunResult,
  { prefix, ids }: PlacedResponse,
  base: LanguageModel,
): number {
  const { maxTokens = PAPER_MAX_TOKENS, maxResponseTokens = Infinity, context = base.info.contextLength } = settings;
  const inContext = Math.min(Number(context), base.info.contextLength) - prefix.length - ids.length;
  return Math.min(Number(maxTokens) - usage.baseTokens, Number(maxResponseTokens) - tokens.length, inContext);
}

/** What would be shown behind the response if the base wrote on. */
async function textAfter(
  trace: RunResult,
  { prefix, ids, bytes }: PlacedResponse,
  base: LanguageModel,
  maxTokens: number,
): Promise<string> {
  const stream = new ResponseStream(askedStops(trace.request.settings), trace.request.prompt?.stop);
  let shown = '';
  const push = (token: TokenId, piece: Uint8Array) => {
    for (const event of stream.pushToken({ id: token, source: 'base' }, piece))
      if (event.type === 'token') shown += event.text;
  };
  for (const [i, id] of ids.entries()) push(id, bytes[i]!);
  for await (const { token, bytes: piece } of generated(base, [...prefix, ...ids], maxTokens)) {
    push(token, piece);
    if (stream.stopped || shown.length > trace.text.length) break;
  }
  for (const event of stream.end(trace.finishReason)) if (event.type === 'token') shown += event.text;
  return shown.slice(trace.text.length);
}

async function* generated(base: LanguageModel, prefix: readonly TokenId[], maxTokens: number) {
  const room = base.info.contextLength - prefix.length;
  if (Math.min(maxTokens, room) > 0)
    yield* base.generate(prefix, { temperature: 0, maxTokens: Math.min(maxTokens, room) });
}

/** Whether ending is as likely as what the base wrote on. */
async function mayEnd({ prefix, ids }: PlacedResponse, base: LanguageModel, toleranceNats: number): Promise<boolean> {
  const { candidates } = (await base.nextTokens?.([...prefix, ...ids], 2)) ?? { candidates: [] };
  const [first] = candidates;
  return candidates.some(({ ends, logprob }) => ends && first!.logprob - logprob <= toleranceNats);
}

/** Whether a stop string, none of which is shown, is as likely as what the base wrote on. */
async function mayStop(
  trace: RunResult,
  { prefix, ids }: PlacedResponse,
  base: LanguageModel,
  toleranceNats: number,
): Promise<boolean> {
  const written = [...prefix, ...ids];
  for (const stop of stopsOf(trace)) {
    const text = [...trace.request.prompt!.text, { text: trace.text + stop, control: false }];
    const all = await base.encode(text);
    const common = commonPrefixLength(all, written);
    const scores = await base.score(all.slice(0, common), all.slice(common), { statistics: true });
    if (scores.every(({ logprob, firstChoiceLogprob = 0 }) => firstChoiceLogprob - logprob <= toleranceNats))
      return true;
  }
  return false;
}
