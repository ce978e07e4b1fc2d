/** A change that no test can notice, or need not. */
export interface Explained {
  readonly path: string;
  /** The line on which the change begins, without blanks around it. */
  readonly at: string;
  readonly words: string;
  readonly why: string;
}

export const EXPLAINED: readonly Explained[] = [];
