import type { PairFile } from '../pair-file.ts';
import { chosenText, rejectedText } from '../preference-pair.ts';
import type { FindingExample } from './check-report.ts';
import type { Examination } from './examination.ts';

const EXCERPT_CHARACTERS = 300;

/** @param index of the pair */
export async function exampleOf(file: PairFile, examination: Examination, index: number): Promise<FindingExample> {
  const pair = await file.pairAt(index);
  return {
    line: examination.lineOf(index),
    otherLine: examination.otherLineOf(index),
    item: examination.itemOf(index),
    prompt: excerpt(pair.prompt.at(-1)!.content),
    chosen: excerpt(chosenText(pair)),
    rejected: excerpt(rejectedText(pair)),
  };
}

/** The beginning of a text and, where it is long, its end. */
function excerpt(text: string): string {
  if (text.length <= EXCERPT_CHARACTERS) return text;
  const half = EXCERPT_CHARACTERS / 2;
  return `${text.slice(0, half)} … ${text.slice(-half)}`.toWellFormed();
}
