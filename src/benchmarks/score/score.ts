import type { DataSource } from '../data/data-source.ts';
import type { Interval } from '../../statistics/interval.ts';

/** One number of a score, for people. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `share`: 0 to 1, shown in percent. */
  readonly unit: 'share' | 'percent' | 'points';
  /** 95%. */
  readonly interval?: Interval | undefined;
}

/** What scoring a file gives. */
export interface Score {
  /** For programs: one JSON object. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly figures: readonly Figure[];
  /** How to read the figures: how many answers, by whom judged, what was left out. */
  readonly notes: readonly string[];
}

export interface ScoreSettings {
  readonly data: DataSource;
  /** A copy of df_gamed.csv; only alpacaeval2 uses it. */
  readonly glmData?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what takes long or could not be done. */
  readonly notice: (text: string) => void;
}

/** @throws ConfigError for a file that can't be read, a broken line, or one that names an unknown item */
export type Scorer = (path: string, settings: ScoreSettings) => Promise<Score>;
