import type { DecodeTrace } from '../../core/decode-trace.ts';
import { SWITCH } from './response-view.ts';

const LEVELS = '▁▂▃▄▅▆▇█';
const UNKNOWN = '·';

/** The probability of each token as a bar, from 0 to 1, with a mark where the base takes over from the draft; without unknown ones at the end. */
export function confidenceLine({ tokens }: Pick<DecodeTrace, 'tokens'>): string {
  return tokens
    .map(({ logprob, source }, i) => {
      const takesOver = source === 'base' && tokens[i - 1]?.source === 'draft';
      return `${takesOver ? SWITCH : ''}${logprob === undefined ? UNKNOWN : bar(Math.exp(logprob))}`;
    })
    .join('')
    .replace(/·+$/u, '');
}

function bar(probability: number): string {
  return LEVELS[Math.min(LEVELS.length - 1, Math.floor(LEVELS.length * probability))]!;
}
