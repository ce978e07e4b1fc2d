import { basename } from 'node:path';

import { ModelFileError } from '../../core/errors.ts';

export type GgufFaultCode = 'missing-file' | 'not-gguf' | 'truncated-gguf' | 'damaged-gguf' | 'unsupported-gguf';

/** What is wrong with a file, as a clause without its name and without a full stop. Internal to this folder. */
export class GgufFault extends Error {
  readonly code: GgufFaultCode;

  constructor(code: GgufFaultCode, clause: string, options?: ErrorOptions) {
    super(clause, options);
    this.name = 'GgufFault';
    this.code = code;
  }
}

const WAYS_OUT: Record<GgufFaultCode, string> = {
  'missing-file': 'check the path, or download the model again',
  'not-gguf': 'choose a .gguf file',
  'truncated-gguf': 'download it again',
  'damaged-gguf': 'download it again, or choose another file of this model',
  'unsupported-gguf': 'choose another file of this model',
};

export function toModelFileError(fault: GgufFault, path: string): ModelFileError {
  const message = `The model file ${basename(path)} can't be used: ${fault.message}; ${WAYS_OUT[fault.code]} (${path}).`;
  return new ModelFileError(fault.code, message, { cause: fault.cause });
}
