import { hash } from 'node:crypto';
import { chosenText, type PreferencePair, rejectedText } from '../preference-pair.ts';

/** 64 bits in two halves: texts with the same key are the same. */
export type Key = readonly [high: number, low: number];

export interface PairKeys {
  readonly prompt: Key;
  readonly pair: Key;
  /** Of the pair that prefers the other response. */
  readonly swapped: Key;
}

export function pairKeys(pair: PreferencePair): PairKeys {
  const prompt = digest(JSON.stringify(pair.prompt.map(({ role, content }) => [role, content])));
  const [chosen, rejected] = [digest(chosenText(pair)), digest(rejectedText(pair))];
  return {
    prompt: keyOf(prompt),
    pair: keyOf(digest(prompt + chosen + rejected)),
    swapped: keyOf(digest(prompt + rejected + chosen)),
  };
}

function digest(text: string): string {
  return hash('sha1', text, 'hex');
}

function keyOf(digits: string): Key {
  return [parseInt(digits.slice(0, 8), 16), parseInt(digits.slice(8, 16), 16)];
}
