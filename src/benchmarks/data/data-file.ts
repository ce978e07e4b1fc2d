/** A file of a benchmark as its authors publish it. */
export interface DataFile {
  /** In a data folder and in the cache. */
  readonly name: string;
  readonly url: string;
  /** Of the published bytes, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Unset where only the hash is known. */
  readonly sizeBytes: number | undefined;
  readonly licence: string;
  /** Of its text, as TextDecoder names it. Default: utf-8. */
  readonly encoding?: string;
  /** Where the hash is from when it could not be compared with the publisher's own file. */
  readonly unconfirmed?: string;
}
