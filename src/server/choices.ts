import type { DecodeEvent } from '../core/decode-event.ts';

/** One event of one of several responses. */
export interface ChoiceEvent {
  readonly index: number;
  readonly event: DecodeEvent;
}

type Choice = AsyncGenerator<DecodeEvent, unknown, void>;

/**
 * Reads several responses at once, each event as soon as it is there. Returning early ends all of them.
 *
 * @param stop called once, where one of them fails: what the others are at is not needed any more
 */
export async function* mergeChoices(
  choices: readonly Choice[],
  stop: (why: string) => void,
): AsyncGenerator<ChoiceEvent, void, void> {
  const [only] = choices;
  if (only && choices.length === 1) {
    for await (const event of only) yield { index: 0, event };
    return;
  }
  const next = async (index: number) => ({ index, result: await choices[index]!.next() });
  const pending = new Map(choices.map((_, index) => [index, next(index)]));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      pending.delete(index);
      if (result.done) continue;
      yield { index, event: result.value };
      pending.set(index, next(index));
    }
  } catch (error) {
    stop('another response to the request failed');
    throw error;
  } finally {
    await Promise.allSettled([...pending.values(), ...choices.map((choice) => choice.return(undefined))]);
  }
}
