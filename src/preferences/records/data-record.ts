/** The fields of a record, by name. */
export type Fields = Readonly<Record<string, unknown>>;

/** One record of a file of data: its fields, or why they can't be read. */
export interface DataRecord {
  /** The line on which it begins, or its row in a Parquet table, from 1. */
  readonly number: number;
  readonly content: Fields | UnusableRecord;
}

/** Why a record gives no pair. The reasons are few and hold nothing of the record, so that they can be counted. */
export class UnusableRecord extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}
