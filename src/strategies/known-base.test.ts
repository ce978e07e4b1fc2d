// Support for the tests beside it: a base of one token a character whose probabilities are known. Holds no test itself.
import { byText } from '../engines/scripted/next-token.ts';
import { scriptedModel, type ScriptedModelOptions } from '../engines/scripted/scripted-model.ts';
import { plainForm } from '../prompts/plain-form.ts';

export const MARKER = '[Assistant]\n';
export const MESSAGES = [{ role: 'user', content: 'Hi' }] as const;
export const END = '</s>';

/** @param choose the probabilities of the next character after a response so far; `END` is the end */
export function knownBase(
  choose: (response: string) => Readonly<Record<string, number>>,
  options: Partial<ScriptedModelOptions> = {},
) {
  const next = byText((text) => choose(text.slice(text.lastIndexOf(MARKER) + MARKER.length)));
  return { base: scriptedModel({ id: 'base', next, ...options }), baseFormat: plainForm({}) };
}

/** Writes `text` from wherever a response is in it, each character with the probability that `sure` gives; then ends. */
export function writing(text: string, sure: (index: number) => number = () => 1) {
  return (response: string): Record<string, number> => {
    const next = text.startsWith(response) ? text[response.length] : undefined;
    if (next === undefined) return { [END]: 1 };
    const p = sure(response.length);
    const others = Array.from('~^#%&$@=', (other): [string, number] => [other, (1 - p) / 8]);
    return p === 1 ? { [next]: 1 } : { [next]: p, ...Object.fromEntries<number>(others) };
  };
}
