import { resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { expandHome } from './expand-home.ts';

/** A LoRA adapter that is applied to a model at run time. */
export interface AdapterReference {
  /** Absolute; nothing says that the file exists. */
  readonly path: string;
  /** What the adapter's change of the weights is multiplied by; finite. */
  readonly scale: number;
}

const FORM = 'write it as in MODEL#lora=FILE.gguf or MODEL#lora=FILE.gguf&scale=0.5';

/**
 * Splits `MODEL#lora=FILE[&scale=NUMBER]`. A file's name may hold a `#`, so only what begins with `#lora=` is cut off.
 *
 * @param option where a user wrote it, for the sentence
 * @throws ConfigError for a missing file, or a scale that is no number
 */
export function splitAdapter(
  value: string,
  option?: string,
): { readonly model: string; readonly adapter?: AdapterReference } {
  const [, model, written] = /^(.*)#lora=(.*)$/s.exec(value) ?? [];
  if (model === undefined || written === undefined) return { model: value };
  const [, file = written, factor] = /^(.*)&scale=(.*)$/s.exec(written) ?? [];
  const scale = factor === undefined ? 1 : Number(factor);
  if (model === '' || file === '' || file.includes('\0') || factor?.trim() === '' || !Number.isFinite(scale)) {
    const where = option === undefined ? '' : `${option}: `;
    throw new ConfigError('bad-adapter', `${where}${JSON.stringify(value.slice(0, 200))} names no adapter: ${FORM}.`);
  }
  return { model, adapter: { path: resolve(expandHome(file)), scale } };
}
