/** Models that judge answers: what benchmarks ask them, what they said, and how far that can be trusted. */
export { flipRate, type FlipRate } from './bias/flip-rate.ts';
export { judgeNoise, type JudgeNoise } from './bias/judge-noise.ts';
export { codePoints, lengthBias, type LengthBias } from './bias/length-bias.ts';
export { describeEstimate, estimateJudging, type JudgingEstimate } from './estimate-judging.ts';
export { judgeAnswers, type JudgedAnswers } from './judge-answers.ts';
export type { Judge, JudgeQuestion, JudgeReply, JudgeTally, Judgment } from './judge.ts';
export { type JudgeOptions, openJudge } from './open-judge.ts';
export { parseJudgeReference } from './parse-judge-reference.ts';
export { probeJudge, type JudgeFault, type JudgeProbe } from './probe-judge.ts';
export type { Game, JudgeProtocol } from './protocols/judge-protocol.ts';
export { PROTOCOLS } from './protocols/protocols.ts';
