/**
 * A gateway over a model that costs nothing, whose responses wait for each other: none has a token before so many are under
 * way. `node meeting-gateway.ts RESPONSES TOKENS`
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fastModel } from '../fixtures/fast-model.ts';
import { serveToParent } from '../fixtures/gateway-process/serve-to-parent.ts';
import { textOfToken } from './text-of-token.ts';

const [responses, tokens] = process.argv.slice(2).map(Number);
const wait = meetings(responses!);

await serveToParent(
  fastModel({
    tokens: tokens!,
    beforeToken: (index) => (index === 0 ? wait() : nextTurn()),
    text: ({ messages }, index) => textOfToken(messages.at(-1)!.content, index),
  }),
);

/** A promise for each caller, kept once so many have called; then the next ones meet. */
function meetings(size: number): () => Promise<void> {
  let meeting = Promise.withResolvers<undefined>();
  let present = 0;
  return () => {
    const { promise, resolve } = meeting;
    if (++present === size) {
      present = 0;
      meeting = Promise.withResolvers();
      resolve(undefined);
    }
    return promise;
  };
}
