/** What a `ComputeThread` runs. */
import { workerData } from 'node:worker_threads';
import koffi from 'koffi';
import { DecodeCall } from './decode-call.ts';
import { BATCH } from './structs.ts';

export interface DecodeLoopData {
  readonly library: string;
  readonly memory: SharedArrayBuffer;
}

const { library, memory } = workerData as DecodeLoopData;
const llama = koffi.load(library);
const decode = llama.func('llama_decode', 'int32_t', ['void *', BATCH]);
const synchronize = llama.func('llama_synchronize', 'void', ['void *']);

new DecodeCall(memory).serve((context, tokens, batch) => {
  const code = decode(context, { n_tokens: tokens, embd: null, ...batch }) as number;
  // A GPU still computes then: who reads its results would wait for it, on the event loop.
  synchronize(context);
  return code;
});
