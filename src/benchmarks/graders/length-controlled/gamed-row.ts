/** A comparison of a gamed baseline, verbose or concise, as alpaca_eval publishes it in `df_gamed.csv`. */
export interface GamedRow {
  /** Number of the instruction, from 0. */
  readonly index: number;
  readonly difficulty: number;
  /** The baseline's length less the gamed one's, over their standard deviation. */
  readonly standardisedLength: number;
  /** 0 (the baseline is better) to 1 (the gamed one is); undefined where the judge gave none. */
  readonly preference: number | undefined;
  /** False for rows of an honest model, which count in full. */
  readonly isGamed: boolean;
}
