import type { RunResult } from '../../assembly/run-result.ts';

/** Texts that end a response: those of its prompt's form, and those that were asked for. */
export function stopsOf({ request: { prompt, settings } }: RunResult): readonly string[] {
  return [...(prompt?.stop ?? []), ...askedStops(settings)];
}

export function askedStops({ stop }: RunResult['request']['settings']): readonly string[] {
  return Array.isArray(stop) ? stop.filter((text) => typeof text === 'string') : [];
}
