/**
 * Loads one model, computes one token, and ends: 0 when it went well or was refused in words. It says "loading" before, so
 * that the file is blamed for nothing that happens earlier.
 */
import { writeSync } from 'node:fs';
import { WellbegunError } from '../../../../core/errors.ts';
import type { Backend } from '../../native/library-location.ts';
import type { ModelPurpose } from '../../../../models/gguf/check-architecture.ts';
import { tryLoad } from './try-load.ts';

const [, , path = '', backend = 'auto', purpose = 'writer', gpuLayers = '0', adapter] = process.argv;

try {
  const begin = (): void => void writeSync(1, 'loading\n');
  await tryLoad(path, {
    backend: backend as Backend,
    purpose: purpose as ModelPurpose,
    gpuLayers: Number(gpuLayers),
    begin,
    adapter,
  });
} catch (error) {
  if (!(error instanceof WellbegunError)) throw error;
}
