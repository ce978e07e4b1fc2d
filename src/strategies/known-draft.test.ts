// Support for the tests beside it: a draft of one token a character that writes on after any text. Holds no test itself.
import { promptedWriter } from '../core/prompted-writer.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { byText } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { MARKER } from './known-base.test.ts';

/** A chat form that keeps the beginning of an answer as it is. */
const form: PromptFormat = {
  format(messages) {
    const [question, answer] = [messages[0], messages[1]];
    return { text: [{ text: `${question!.content}\n${MARKER}${answer?.content ?? ''}`, control: false }], stop: [] };
  },
};

/** @param choose the probabilities of the next character after a response so far */
export function knownDraft(choose: (response: string) => Readonly<Record<string, number>>) {
  const next = byText((text) => choose(text.slice(text.lastIndexOf(MARKER) + MARKER.length)));
  const model = scriptedModel({ id: 'draft', next });
  return { model, draft: promptedWriter(model, form) };
}
