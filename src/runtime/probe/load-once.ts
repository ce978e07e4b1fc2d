/** Loads one model, computes one token, and ends: 0 when it went well or was refused in words. */
import { WellbegunError } from '../../core/errors.ts';
import type { Backend } from '../../engines/llama-cpp/native/library-location.ts';
import { tryLoad } from './try-load.ts';

const [, , path = '', backend = 'auto'] = process.argv;

try {
  await tryLoad(path, backend as Backend);
} catch (error) {
  if (!(error instanceof WellbegunError)) throw error;
}
