import type { FormName } from '../forms/forms.ts';
import type { Dimension } from '../preference-pair.ts';

export interface DroppedReason {
  readonly reason: string;
  readonly count: number;
  /** The first records that were dropped for it: `train.jsonl:17`. */
  readonly first: readonly string[];
}

/** What became of one file. */
export interface ImportedFile {
  readonly file: string;
  /** Undefined where no record could be read. */
  readonly form: FormName | undefined;
  /** Lines that are not blank, or rows. */
  readonly records: number;
  readonly pairs: number;
  /** Records that gave no pair, and pairs of a record of several. */
  readonly dropped: number;
}

export interface ImportReport {
  readonly files: readonly ImportedFile[];
  readonly pairs: number;
  readonly dropped: number;
  /** The most frequent first. */
  readonly reasons: readonly DroppedReason[];
  readonly dimensions: Readonly<Record<Dimension, number>>;
  readonly output: { readonly file: string; readonly bytes: number; readonly sha256: string };
}
