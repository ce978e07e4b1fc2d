/** What a `ComputeThread` runs. */
import { workerData } from 'node:worker_threads';
import koffi from 'koffi';
import { type BatchAddresses, ComputeCall, NO_STATES } from './compute-call.ts';
import { GraphWatch } from './graph-watch.ts';
import { BATCH } from './structs.ts';

export interface ComputeLoopData {
  readonly llama: string;
  readonly ggmlBase: string;
  readonly memory: SharedArrayBuffer;
}

const { llama: llamaPath, ggmlBase, memory } = workerData as ComputeLoopData;
const llama = koffi.load(llamaPath);
const base = koffi.load(ggmlBase);
const nativeDecode = llama.func('llama_decode', 'int32_t', ['void *', BATCH]);
const synchronize = llama.func('llama_synchronize', 'void', ['void *']);
const compute = base.func('int ggml_backend_graph_compute(void *backend, void *graph)');
const watch = new GraphWatch(base);

function decode(context: bigint, tokens: number, batch: BatchAddresses): number {
  const code = nativeDecode(context, { n_tokens: tokens, embd: null, ...batch }) as number;
  // A GPU still computes then: who reads its results would wait for it, on the event loop.
  synchronize(context);
  return code;
}

new ComputeCall(memory).serve(watch.callback, (question) => {
  if (question.kind === 'graph') return { code: compute(question.backend, question.graph) as number };
  const pass = () => decode(question.context, question.tokens, question.batch);
  if (question.kind === 'states') {
    const { result, met } = watch.storingStates(question, pass);
    return { code: result === 0 && !met ? NO_STATES : result };
  }
  if (question.kind === 'decode') return { code: pass() };
  const { result, tensor } = watch.findingOutput(question.context, pass);
  return { code: result, ...(tensor !== undefined && { tensor }) };
});
