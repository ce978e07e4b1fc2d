import { EngineError } from '../../core/errors.ts';

/** A route that is missing or disabled, or a field that is refused. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 405, 422, 501]);

/** Undefined where the server does not do what was asked for. */
export async function answered<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const isAnswer = error.code === 'bad-reply' || (error.status !== undefined && REFUSALS.has(error.status));
    if (isAnswer) return undefined;
    throw error;
  }
}
