/** A table of a report, wherever it is shown. */
export interface ReportTable {
  /** What the rows are of, then what the columns are. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What its figures mean, a line each; none where the next table has the same. */
  readonly notes: readonly string[];
}
