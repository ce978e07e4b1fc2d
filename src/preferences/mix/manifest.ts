import type { Dimension } from '../preference-pair.ts';
import type { Shares } from './shares.ts';

/** What a mix was made of, and what came out; the same files and settings give the same bytes. */
export interface MixManifest {
  readonly seed: number;
  /** Of the dimensions; null: as they came. */
  readonly shares: Shares | null;
  readonly splits: Shares;
  readonly inputs: readonly MixInput[];
  readonly files: readonly MixFile[];
}

export interface MixInput {
  /** Without its folder. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly pairs: number;
}

export interface MixFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly pairs: number;
  readonly dimensions: Readonly<Record<Dimension, number>>;
  /** At most a hundred, the largest first. */
  readonly dataSets: readonly { readonly source: string; readonly licence: string; readonly pairs: number }[];
}
