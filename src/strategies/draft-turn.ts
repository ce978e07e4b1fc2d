import { continued } from '../core/continued.ts';
import { never } from '../core/criteria/constant-criteria.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import { DraftRetokenizer } from '../core/draft-retokenizer.ts';
import { draftUntilSwitch } from '../core/draft-until-switch.ts';
import type { FinishReason } from '../core/language-model.ts';
import type { WeakToStrongOptions } from '../core/weak-to-strong.ts';
import type { GrowingResponse } from './growing-response.ts';

/**
 * `first`: begins the response, as in weak-to-strong decoding. `later`: writes on after the base; the response ends
 * where the draft ends its turn. `last`: the same, and the base does not take over any more.
 */
export type Turn = 'first' | 'later' | 'last';

/**
 * The draft writes on from where the response is, up to the switch.
 *
 * @returns why the response ends with it; undefined where the base goes on
 */
export async function* draftTurn(
  options: WeakToStrongOptions,
  response: GrowingResponse,
  turn: Turn,
): AsyncGenerator<DecodeEvent, FinishReason | undefined, void> {
  const { prompt, record, request, text } = response;
  const drafted = record.draftTokens;
  const before = text === '' ? prompt.text : [...prompt.text, { text, control: false }];
  const outcome = yield* draftUntilSwitch(
    turn === 'last' ? { ...options, criterion: never } : options,
    { ...request, messages: continued(request.messages, text) },
    await DraftRetokenizer.start(options.base, before, { signal: request.signal }),
    record,
  );
  record.draftTokens += drafted;
  if (record.stopped) return 'stop';
  await response.keep(outcome.kept);
  const { index, reason, end = 'stop' } = outcome;
  const isUnasked = turn === 'first' && reason !== 'confident';
  const ends = isUnasked ? options.onNoSwitch === 'stop' : turn === 'last' || reason === 'draft-ended';
  if (!ends || turn === 'first') yield* record.switch({ index, reason, draftTokens: record.draftTokens });
  return ends ? end : undefined;
}
