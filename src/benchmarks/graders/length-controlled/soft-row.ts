/** One row of a logistic regression whose labels are probabilities. */
export interface SoftRow {
  readonly features: readonly number[];
  /** Probability of the label 1. */
  readonly label: number;
  /** How often the row counts. */
  readonly weight: number;
}
