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
const decode = koffi.load(library).func('llama_decode', 'int32_t', ['void *', BATCH]);

new DecodeCall(memory).serve(
  (context, tokens, batch) => decode(context, { n_tokens: tokens, embd: null, ...batch }) as number,
);
