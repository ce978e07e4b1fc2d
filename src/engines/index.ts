/** Clients of model servers, for engines of one's own and for measuring the ways of scoring. */
export { HttpClient } from './http/http-client.ts';
export { replyFailure } from './http/http-failure.ts';
export { llamaServerDialect } from './llama-server/llama-server-dialect.ts';
export { completionEvent } from './llama-server/llama-server-replies.ts';
export { lookUpScore, toldScore } from './llama-server/look-up-score.ts';
export { FORCED_TOKENS, scoreByGrammar } from './llama-server/score-by-grammar.ts';
export type { ScoreOptions } from './network/network-model.ts';
export { FORCING_BIAS } from './network/next-token-reader.ts';
export { parseEvent } from './network/parse-event.ts';
