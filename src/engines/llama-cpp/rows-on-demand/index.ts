/** The one entrance to rows on demand: no other file of this folder is imported from outside. */
export { mayLeaveOutLogits, openOutputHead } from './open-output-head.ts';
export type { OutputHead } from './output-head.ts';
export { RowsOnDemand } from './rows-on-demand.ts';
