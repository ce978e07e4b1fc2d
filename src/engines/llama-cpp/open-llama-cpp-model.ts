import { PassTimes } from './speculation/pass-times.ts';
import { LlamaCppModel } from './llama-cpp-model.ts';
import { createRowReader } from './log-softmax/row-reader.ts';
import type { LlamaLibrary } from './native/llama-library.ts';
import { BATCH_ROWS, type LlamaCppOptions, openDecoder } from './open-decoder.ts';
import { openOutputHead, RowsOnDemand } from './rows-on-demand/index.ts';

/**
 * Loads a decoder that gives its rows of logits, off the event loop.
 *
 * @throws ModelFileError when llama.cpp refuses the file, EngineError when there is no memory for its context
 */
export async function openLlamaCppModel(library: LlamaLibrary, options: LlamaCppOptions): Promise<LlamaCppModel> {
  const passTimes = new PassTimes();
  const statePassTimes = new PassTimes();
  return await openDecoder(library, options, 'rows', async (parts, schedule) => {
    const rows = createRowReader(parts.vocabulary.size);
    const head = parts.givesStates ? await openOutputHead({ ...parts, lane: options.lane, rows }) : undefined;
    const scheduler = schedule(parts.context, { passTimes, statePassTimes, head });
    const shared = { ...parts, scheduler, batchRows: BATCH_ROWS };
    const onDemand = head && new RowsOnDemand({ ...shared, head, statePassTimes });
    return new LlamaCppModel({ ...shared, rows, onDemand, passTimes });
  });
}
