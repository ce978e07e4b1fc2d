/** What a model is for. A `judge` rewards responses that are there already. */
export type ModelRole = 'base' | 'draft' | 'reward' | 'aligner' | 'judge';
