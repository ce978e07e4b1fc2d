import type { DroppedReason } from '../import/import-report.ts';
import type { Dimension } from '../preference-pair.ts';
import type { SoughtBenchmark } from './contamination.ts';
import type { PairFinding } from './findings.ts';
import type { LabelAgreement } from './label-count.ts';
import type { LengthBias } from './length-bias.ts';

/** A pair with a finding; its texts are cut. */
export interface FindingExample {
  readonly line: number;
  /** Of the pair that it is like or contradicts. */
  readonly otherLine: number | undefined;
  /** Of a benchmark. */
  readonly item: string | undefined;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

export interface FoundPairs {
  readonly finding: PairFinding;
  readonly pairs: number;
  /** Whether a cleaned file is without them. */
  readonly removes: boolean;
  readonly examples: readonly FindingExample[];
}

export interface DataSetCount {
  readonly source: string;
  readonly licence: string;
  readonly pairs: number;
}

export interface CheckReport {
  readonly file: string;
  readonly pairs: number;
  /** Different prompts. */
  readonly prompts: number;
  readonly dimensions: Readonly<Record<Dimension, number>>;
  /** At most a hundred, the largest first. */
  readonly dataSets: readonly DataSetCount[];
  /** Records that are no pair at all. */
  readonly dropped: number;
  readonly reasons: readonly DroppedReason[];
  /** Each that was looked for, those of no pair too. */
  readonly findings: readonly FoundPairs[];
  readonly lengthBias: LengthBias | undefined;
  readonly lengthBiasOf: Readonly<Partial<Record<Dimension, LengthBias>>>;
  /** With a reward model. */
  readonly labels: LabelAgreement | undefined;
  readonly benchmarks: readonly SoughtBenchmark[];
  /** Pairs that nothing removes. */
  readonly kept: number;
  /** Where they were written, with `fix`. */
  readonly fixed: { readonly file: string; readonly bytes: number; readonly sha256: string } | undefined;
}
