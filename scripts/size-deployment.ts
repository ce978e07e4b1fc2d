/**
 * Computes the tables of docs/deployment.md: memory, capacity and times of Llama-3.1-70B with a 3B draft, from the
 * terms written out below. Nothing here is measured. `npm run size:deployment`
 */

import { BANDWIDTH_SHARE, gigabytes, keyValuePerToken, type ModelShape, row as asRow } from './model-shapes.ts';

/** Shapes as in the models' own config.json. */
const BASE: ModelShape = {
  name: 'Llama-3.1-70B',
  parameters: 70.55e9,
  layers: 80,
  keyValueHeads: 8,
  headSize: 128,
};
const DRAFT: ModelShape = {
  name: 'Llama-3.2-3B-Instruct',
  parameters: 3.21e9,
  layers: 28,
  keyValueHeads: 8,
  headSize: 128,
};
const VOCABULARY_SIZE = 128_256;

interface Gpu {
  readonly name: string;
  readonly memoryBytes: number;
  /** Dense bf16; twice as many in fp8 where the chip has it. */
  readonly flops: number;
  readonly bytesPerSecond: number;
}

/** Figures of NVIDIA's data sheets, without sparsity. */
const H100: Gpu = { name: 'H100 80 GB SXM', memoryBytes: 80e9, flops: 989e12, bytesPerSecond: 3.35e12 };
const A100: Gpu = { name: 'A100 40 GB SXM', memoryBytes: 40e9, flops: 312e12, bytesPerSecond: 1.555e12 };

interface Deployment {
  readonly name: string;
  readonly gpu: Gpu;
  /** In each stage of the pipeline; one stream is in one stage at a time. */
  readonly tensorParallel: number;
  readonly pipelineStages: number;
  readonly weightBytes: 1 | 2;
}

const DEPLOYMENTS: readonly Deployment[] = [
  { name: 'one node, TP 4, bf16', gpu: H100, tensorParallel: 4, pipelineStages: 1, weightBytes: 2 },
  { name: 'one node, TP 2, fp8', gpu: H100, tensorParallel: 2, pipelineStages: 1, weightBytes: 1 },
  { name: 'two nodes, TP 4 × PP 2, bf16', gpu: A100, tensorParallel: 4, pipelineStages: 2, weightBytes: 2 },
];

/** The draft has a GPU of the same kind to itself. */
const draftOn = (gpu: Gpu): Deployment => ({
  name: `1 × ${gpu.name}`,
  gpu,
  tensorParallel: 1,
  pipelineStages: 1,
  weightBytes: 2,
});

/** Assumptions. Measure them on your machines and put yours in. */
const MEMORY_SHARE = 0.9;
const RESERVED_BYTES_PER_GPU = 3e9;
const COMPUTE_SHARE = 0.4;
const ROUND_TRIP_S = 0.002;
const CONTEXT_TOKENS = 4096;
const PROMPT_TOKENS = 1000;
const FIRST_CHUNK_TOKENS = 8;
const BATCH_TOKENS = 2048;
/** Times that the base reads a drafted prefix in all, at most; see docs/serving.md. */
const SCORINGS = 2;
const KEPT_TOKENS = 100;
const BASE_TOKENS = 400;

const gpusOf = ({ tensorParallel, pipelineStages }: Deployment) => tensorParallel * pipelineStages;

/** Tokens of KV cache beside the weights. */
function capacityTokens(deployment: Deployment, model: ModelShape): number {
  const { gpu, weightBytes } = deployment;
  const usable = gpusOf(deployment) * (MEMORY_SHARE * gpu.memoryBytes - RESERVED_BYTES_PER_GPU);
  return Math.floor((usable - model.parameters * weightBytes) / keyValuePerToken(model));
}

/** Two floating-point operations a parameter and token. */
function readingS(
  { gpu, tensorParallel, weightBytes }: Deployment,
  { parameters }: ModelShape,
  tokens: number,
): number {
  const flops = tensorParallel * gpu.flops * (weightBytes === 1 ? 2 : 1);
  return (2 * parameters * tokens) / (flops * COMPUTE_SHARE);
}

/** A token reads every weight once. */
function writingS(
  { gpu, tensorParallel, weightBytes }: Deployment,
  { parameters }: ModelShape,
  tokens: number,
): number {
  return (tokens * parameters * weightBytes) / (tensorParallel * gpu.bytesPerSecond * BANDWIDTH_SHARE);
}

function times(base: Deployment) {
  const draft = draftOn(base.gpu);
  const firstTokenS =
    2 * ROUND_TRIP_S +
    readingS(draft, DRAFT, PROMPT_TOKENS) +
    writingS(draft, DRAFT, FIRST_CHUNK_TOKENS) +
    readingS(base, BASE, PROMPT_TOKENS + FIRST_CHUNK_TOKENS);
  const answerS =
    readingS(draft, DRAFT, PROMPT_TOKENS) +
    writingS(draft, DRAFT, KEPT_TOKENS) +
    SCORINGS * readingS(base, BASE, PROMPT_TOKENS + KEPT_TOKENS) +
    writingS(base, BASE, BASE_TOKENS);
  const alone = readingS(base, BASE, PROMPT_TOKENS) + writingS(base, BASE, 1) + ROUND_TRIP_S;
  const aloneAnswerS = readingS(base, BASE, PROMPT_TOKENS) + writingS(base, BASE, KEPT_TOKENS + BASE_TOKENS);
  return { firstTokenS, answerS, alone, aloneAnswerS };
}

const milliseconds = (seconds: number) => `${Math.round(1000 * seconds)} ms`;
const wholeSeconds = (seconds: number) => `${seconds.toFixed(1)} s`;
const row = (...cells: readonly (string | number)[]) => console.log(asRow(...cells));

function table(...columns: readonly string[]): void {
  console.log('');
  row(...columns);
  row(...columns.map(() => '---'));
}

table('model', 'weights, bf16', 'weights, fp8', 'KV cache a token', `KV cache of ${CONTEXT_TOKENS} tokens`);
for (const model of [BASE, DRAFT]) {
  const { name, parameters } = model;
  const token = keyValuePerToken(model);
  row(name, gigabytes(2 * parameters), gigabytes(parameters), `${token / 1024} KiB`, gigabytes(token * CONTEXT_TOKENS));
}

table('base on', 'GPUs', 'left for KV', 'tokens', `streams of ${CONTEXT_TOKENS} tokens`);
for (const deployment of DEPLOYMENTS) {
  const tokens = capacityTokens(deployment, BASE);
  const bytes = gigabytes(tokens * keyValuePerToken(BASE));
  const gpus = `${gpusOf(deployment)} × ${deployment.gpu.name}`;
  row(deployment.name, gpus, bytes, tokens, Math.floor(tokens / CONTEXT_TOKENS));
}

table('base on', 'first token', 'first token, base alone', 'whole answer', 'whole answer, base alone');
for (const deployment of DEPLOYMENTS) {
  const { firstTokenS, answerS, alone, aloneAnswerS } = times(deployment);
  const { name } = deployment;
  row(name, milliseconds(firstTokenS), milliseconds(alone), wholeSeconds(answerS), wholeSeconds(aloneAnswerS));
}

table('draft on', 'left for KV, in tokens', `streams of ${CONTEXT_TOKENS} tokens`, 'a token');
for (const gpu of [H100, A100]) {
  const deployment = draftOn(gpu);
  const tokens = capacityTokens(deployment, DRAFT);
  const tokenMs = 1000 * writingS(deployment, DRAFT, 1);
  row(deployment.name, tokens, Math.floor(tokens / CONTEXT_TOKENS), `${tokenMs.toFixed(1)} ms`);
}

const logits = gigabytes(BATCH_TOKENS * VOCABULARY_SIZE * 4);
console.log(`\nLogits of one scoring batch of ${BATCH_TOKENS} tokens, in fp32: ${logits}`);
