/** What is wrong with one line; caught where lines are parsed, and written as that line's failure. */
export class LineFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'LineFault';
    this.code = code;
  }
}
