import { EngineError } from '../../core/errors.ts';
import { answered } from './answered.ts';

/** Undefined where it answers anything else, an error included: another failure of its shows in what it is needed for. */
export async function told<T>(asked: Promise<T>): Promise<T | undefined> {
  return await answered(asked).catch((error: unknown) => {
    if (error instanceof EngineError && error.status !== undefined) return undefined;
    throw error;
  });
}
