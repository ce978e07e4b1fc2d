/** The parts that the orchestrator is made of: for benchmarks, and for schedules and decoders of one's own. */
export { type ChunkSchedule, chunkSchedule, FIRST_CHUNK } from './chunk-schedule.ts';
export { chunkSize, USUAL_CHUNK } from './chunk-size.ts';
export { DraftRetokenizer } from './draft-retokenizer.ts';
export { mean } from './mean.ts';
export { quantile } from './quantile.ts';
export { quartilesOf } from './quartiles.ts';
export { seededRandom } from './seeded-random.ts';
export type { TokenProposer } from './speculation/token-proposer.ts';
