import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TokenId } from '../../../core/language-model.ts';
import { notNumbers } from '../failures.ts';
import type { OutputHead } from './output-head.ts';
import type { Round } from '../generation/round.ts';

/** Guesses of several texts that are worth confirming: sixteen states are multiplied in half more time than eight. */
const ENOUGH_OF_SEVERAL = 16;

/** One text's guesses since its last confirmation. */
export interface PendingGuesses {
  /** What each was guessed from. */
  readonly states: readonly Float32Array[];
  /** Whether they are to be confirmed now, whatever the others have. */
  readonly isFull: boolean;
}

/** What one text brings from a pass that gave states. Its functions are called in a turn, while the model is open. */
export interface StatesToGuessFrom {
  /** Tokens of the text that guesses can be from now on. */
  readonly seen: readonly TokenId[];
  readonly states: readonly Float32Array[];
  /** Takes the likely choices after them. */
  hold(likely: readonly TokenId[]): PendingGuesses;
  /** Takes the model's own choices in place of all pending guesses. */
  confirm(choices: readonly TokenId[]): Round;
}

interface Visitor extends StatesToGuessFrom {
  readonly resolve: (round: Round | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

export interface ConfirmationDeskParts {
  /** The model's. */
  readonly id: string;
  readonly head: Pick<OutputHead, 'expect' | 'likelyChoices' | 'firstChoices'>;
  /** Runs work of the head; rejects once the model is closed. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Where texts that share passes have their guesses made and confirmed: one product for all of them, of the likely part of
 * the output matrix after each pass, and of the whole one when enough guesses are pending.
 */
export class ConfirmationDesk {
  readonly #parts: ConfirmationDeskParts;
  #visitors: Visitor[] = [];

  constructor(parts: ConfirmationDeskParts) {
    this.#parts = parts;
  }

  /** @returns the round that a confirmation ends; undefined where it goes on */
  visit(visit: StatesToGuessFrom): Promise<Round | undefined> {
    return new Promise((resolve, reject) => {
      const isFirst = this.#visitors.push({ ...visit, resolve, reject }) === 1;
      if (isFirst) void this.#open();
    });
  }

  /** Serves all who come out of the same pass. */
  async #open(): Promise<void> {
    let visitors: Visitor[] = [];
    const take = (): Visitor[] => (visitors = this.#visitors.splice(0));
    try {
      await this.#parts.turn(async () => {
        await nextTurn();
        await this.#serve(take());
      });
    } catch (error) {
      for (const { reject } of [...visitors, ...take()]) reject(error);
    }
  }

  async #serve(visitors: readonly Visitor[]): Promise<void> {
    const { head } = this.#parts;
    for (const { seen } of visitors) head.expect(seen);
    const likely = await head.likelyChoices(visitors.flatMap(({ states }) => states));
    const pending = this.#each(visitors, shares(likely, visitors), (visitor, own) => ({
      visitor,
      ...visitor.hold(own),
    }));
    if (!isTimeToConfirm(pending)) {
      for (const { visitor } of pending) visitor.resolve(undefined);
      return;
    }
    const choices = await head.firstChoices(pending.flatMap(({ states }) => states));
    this.#each(
      pending.map(({ visitor }) => visitor),
      shares(choices, pending),
      (visitor, own) => visitor.resolve(visitor.confirm(own)),
    );
  }

  /** Tells each visitor its own tokens. One whose logits are no numbers fails alone; returns what the others say. */
  #each<T>(
    visitors: readonly Visitor[],
    tokens: readonly (TokenId | undefined)[][],
    tell: (visitor: Visitor, own: readonly TokenId[]) => T,
  ): T[] {
    return visitors.flatMap((visitor, i) => {
      try {
        return [tell(visitor, assertNumbers(this.#parts.id, tokens[i]!))];
      } catch (error) {
        visitor.reject(error);
        return [];
      }
    });
  }
}

function assertNumbers(id: string, tokens: readonly (TokenId | undefined)[]): readonly TokenId[] {
  if (tokens.includes(undefined)) throw notNumbers(id);
  return tokens as readonly TokenId[];
}

function isTimeToConfirm(pending: readonly PendingGuesses[]): boolean {
  const count = pending.reduce((sum, { states }) => sum + states.length, 0);
  return pending.some(({ isFull }) => isFull) || (pending.length > 1 && count >= ENOUGH_OF_SEVERAL);
}

/** To each owner as many tokens as it has states. */
function shares<T>(tokens: readonly T[], owners: readonly { readonly states: readonly Float32Array[] }[]): T[][] {
  let end = 0;
  return owners.map(({ states }) => tokens.slice(end, (end += states.length)));
}
