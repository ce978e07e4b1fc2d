import type { RunResult } from '../../assembly/run-result.ts';
import type { Findings } from './findings.ts';
import type { PlacedResponse } from './placed-response.ts';
import { stopsOf } from './stops-of.ts';

/** Every token has the text that the base's vocabulary gives it. A stop string may have cut the last one. */
export function checkTexts(trace: RunResult, { texts }: PlacedResponse, findings: Findings): void {
  for (const [i, { text }] of trace.tokens.entries()) {
    const own = texts[i]!;
    if (text === own || (i === texts.length - 1 && isCut(own, text, stopsOf(trace)))) continue;
    findings.isFalse('text', `Token ${i} is ${JSON.stringify(own)}, not ${JSON.stringify(text)}.`, i);
  }
}

function isCut(own: string, text: string, stops: readonly string[]): boolean {
  if (!own.startsWith(text)) return false;
  const rest = own.slice(text.length);
  return stops.some((stop) => stop.startsWith(rest) || rest.startsWith(stop));
}
