import { ConfigError } from '../core/errors.ts';
import { findConfinement } from './confinement.ts';
import { findPython } from './find-python.ts';

/** Whether programs of models can run on this machine, and what keeps them in or what is missing, in words. */
export async function describeSandbox(): Promise<{ readonly isReady: boolean; readonly text: string }> {
  try {
    findPython();
  } catch (error) {
    if (error instanceof ConfigError) return { isReady: false, text: error.message };
    throw error;
  }
  return { isReady: true, text: `Python in WebAssembly, inside ${(await findConfinement()).name}` };
}
