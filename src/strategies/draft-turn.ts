import { never } from '../core/criteria/constant-criteria.ts';
import type { DecodeEvent } from '../core/decode-event.ts';
import { draftUntilSwitch } from '../core/draft-until-switch.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';
import type { WeakToStrongOptions } from '../core/weak-to-strong.ts';

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
  const { record } = response;
  const outcome = yield* draftUntilSwitch(turn === 'last' ? { ...options, criterion: never } : options, response);
  if (record.stopped) return 'stop';
  const { index, reason, end = 'stop' } = outcome;
  const isUnasked = turn === 'first' && reason !== 'confident';
  const ends = isUnasked ? options.onNoSwitch === 'stop' : turn === 'last' || reason === 'draft-ended';
  if (!ends || turn === 'first') yield* record.switch({ index, reason, draftTokens: record.draftTokens });
  return ends ? end : undefined;
}
