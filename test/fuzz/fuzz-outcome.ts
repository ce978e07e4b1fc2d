/** The steps of a load, in the product's order. Only `probe` runs in a process of its own there. */
export type LoadPhase = 'check' | 'probe' | 'load';

export type FuzzOutcome =
  'loaded' | 'refused by the check' | 'refused by llama.cpp' | 'crashed in the probe' | 'FAILED';

/** In the order of the table's columns. */
export const FUZZ_OUTCOMES: readonly FuzzOutcome[] = [
  'refused by the check',
  'refused by llama.cpp',
  'loaded',
  'crashed in the probe',
  'FAILED',
];

export interface FuzzResult {
  readonly outcome: FuzzOutcome;
  /** What happened, where that is worth a line. */
  readonly detail?: string;
}

/** What the child writes, a line of JSON each. */
export type ChildLine =
  { readonly file: string; readonly phase: LoadPhase } | { readonly file: string; readonly result: FuzzResult };
