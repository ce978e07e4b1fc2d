import { WellbegunError } from '../core/errors.ts';

/** What is wrong with one line; caught where lines are parsed, and written as that line's failure. */
export class LineFault extends WellbegunError {}
