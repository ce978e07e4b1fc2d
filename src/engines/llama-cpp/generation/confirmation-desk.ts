import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TokenId } from '../../../core/language-model.ts';
import type { OutputHead } from '../output-head/output-head.ts';
import type { Round } from './round.ts';

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
    const pending = shares(likely, visitors).map((choices, i) => visitors[i]!.hold(choices));
    if (!isTimeToConfirm(pending)) {
      for (const { resolve } of visitors) resolve(undefined);
      return;
    }
    const choices = await head.firstChoices(pending.flatMap(({ states }) => states));
    const rounds = shares(choices, pending).map((own, i) => visitors[i]!.confirm(own));
    for (const [i, { resolve }] of visitors.entries()) resolve(rounds[i]);
  }
}

function isTimeToConfirm(pending: readonly PendingGuesses[]): boolean {
  const count = pending.reduce((sum, { states }) => sum + states.length, 0);
  return pending.some(({ isFull }) => isFull) || (pending.length > 1 && count >= ENOUGH_OF_SEVERAL);
}

/** To each owner as many tokens as it has states. */
function shares(
  tokens: readonly TokenId[],
  owners: readonly { readonly states: readonly Float32Array[] }[],
): TokenId[][] {
  let end = 0;
  return owners.map(({ states }) => tokens.slice(end, (end += states.length)));
}
