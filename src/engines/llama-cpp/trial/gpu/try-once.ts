/**
 * Computes a sample on each GPU of one build, and says on stdout how it went. A driver that can't run the build ends the
 * process instead; its errors are on stderr then.
 */
import { writeSync } from 'node:fs';
import { productsOn } from '../../native/device-product.ts';
import { gpuProblem, gpusOf } from '../../native/gpu-problem.ts';
import { type Backend, locateLibrary } from '../../native/library-location.ts';
import { type LlamaLibrary, openLibrary } from '../../native/llama-library.ts';
import { sampleProblem } from '../../native/sample-problem.ts';
import type { TrialOutcome } from './trial-outcome.ts';

const [, , backend = 'auto'] = process.argv;
writeSync(1, `${JSON.stringify(tryBackend(backend as Backend))}\n`);

function tryBackend(backend: Backend): TrialOutcome {
  try {
    return tryGpus(openLibrary(locateLibrary(backend)));
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function tryGpus(library: LlamaLibrary): TrialOutcome {
  const missing = gpuProblem(library);
  if (missing !== undefined) {
    return { kind: 'no-gpu', reason: [missing, ...library.log.takeErrors().slice(0, 1)].join(': ') };
  }
  // At once: what is still in a buffer when the process ends is lost.
  library.log.sink = (level, message) => {
    if (level === 'error') writeSync(2, `${message}\n`);
  };
  for (const { name, description } of gpusOf(library)) {
    const problem = sampleProblem((products) => productsOn(library.location, name, products));
    if (problem !== undefined) return { kind: 'failed', reason: `${name}, ${description}, ${problem}` };
  }
  return { kind: 'works' };
}
