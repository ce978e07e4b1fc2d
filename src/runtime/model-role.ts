/** What a model is for. */
export type ModelRole = 'base' | 'draft' | 'reward' | 'aligner';
