/** What of a model's `config.json` its memory and its times follow from. */
export interface ModelShape {
  readonly name: string;
  readonly parameters: number;
  readonly layers: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
}

/** Of the KV cache: 16 bits a number. */
const KEY_VALUE_BYTES = 2;
/** Of the bandwidth in a data sheet, the share that reading weights reaches. An assumption. */
export const BANDWIDTH_SHARE = 0.6;

/** Bytes of KV cache a token, with full attention in every layer. */
export const keyValuePerToken = ({
  layers,
  keyValueHeads,
  headSize,
}: Pick<ModelShape, 'layers' | 'keyValueHeads' | 'headSize'>): number =>
  2 * layers * keyValueHeads * headSize * KEY_VALUE_BYTES;

export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
