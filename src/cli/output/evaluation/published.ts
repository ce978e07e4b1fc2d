/**
 * Results of the paper that introduced weak-to-strong decoding, for the eye: other models, other judges, other hardware.
 * Source: Well Begun is Half Done, ACL 2025, arXiv 2506.07434, its tables of main results, alignment tax and time.
 */
export const SOURCE = 'Well Begun is Half Done (ACL 2025, arXiv 2506.07434)';

export interface PublishedRow {
  readonly models: string;
  /** By the name of the benchmark, as the paper prints it. */
  readonly scores: Readonly<Record<string, number>>;
}

export const PUBLISHED: readonly PublishedRow[] = [
  row('Llama-3-70B', [60.35, 48.71, 2.45, 3.5, 5.25, 82.18, 54.27]),
  row('Llama-3-70B + URIAL', [87.37, 76.38, 7.79, 6.5, 6.04]),
  row('Llama-3-70B + WSD (Pilot-3B)', [96.48, 87.88, 20.13, 15.9, 7.06, 82.18, 56.1]),
  row('Llama-3.1-70B', [58.08, 45.9, 2.48, 4.7, 6.14]),
  row('Llama-3.1-70B + WSD (Pilot-3B)', [97.06, 85.43, 23.65, 16.2, 7.57]),
  row('Gemma-2-27B', [47.06, 33.41, 3.33, 5.4, 6.34, 82.56, 62.8]),
  row('Gemma-2-27B + WSD (Pilot-3B)', [96.77, 85.68, 23.32, 18.4, 7.31, 85.52, 65.85]),
];

/** Time against the base alone, on Llama-3-70B, Llama-3.1-70B and Gemma-2-27B. */
export const PUBLISHED_TIMES: Readonly<Record<string, readonly [number, number, number]>> = {
  ARGS: [2.25, 2.11, 2.82],
  CARDS: [3.23, 3.67, 2.01],
  WSD: [0.84, 1.03, 0.99],
};

/** The measure here that says most nearly what the paper's number says, and how much of it is one of the paper's. */
export interface Comparable {
  readonly measures: readonly string[];
  readonly scale: number;
}

export const COMPARABLE: Readonly<Record<string, Comparable>> = {
  'hh-rlhf': { measures: ['harmless'], scale: 100 },
  truthfulqa: { measures: ['truthful_informative'], scale: 100 },
  alpacaeval2: { measures: ['length_controlled_v1', 'length_controlled_minimal'], scale: 100 },
  'arena-hard': { measures: ['win_weighted'], scale: 100 },
  'mt-bench': { measures: ['rating'], scale: 1 },
  gsm8k: { measures: ['strict', 'flexible'], scale: 100 },
  humaneval: { measures: ['pass@1'], scale: 100 },
};

function row(models: string, numbers: readonly number[]): PublishedRow {
  const names = ['hh-rlhf', 'truthfulqa', 'alpacaeval2', 'arena-hard', 'mt-bench', 'gsm8k', 'humaneval'];
  return { models, scores: Object.fromEntries(numbers.map((score, i) => [names[i]!, score])) };
}
