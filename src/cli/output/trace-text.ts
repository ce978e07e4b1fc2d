import type { RunResult } from '../../assembly/run-result.ts';
import type { DecodeEvent } from '../../core/decode-event.ts';
import { colouredView } from './response-view.ts';
import type { Terminal } from './terminal.ts';
import { confidences, gammaOf } from './trace-picture/confidences.ts';

const BARS = '▁▂▃▄▅▆▇█';
const LABEL = 11;

/** A trace for a terminal: the response in two colours with the switch, and below it a bar for each drafted token. */
export function traceText(trace: RunResult, { colours }: Pick<Terminal, 'colours'>, columns: number): string {
  let text = '';
  const view = colouredView((piece) => (text += piece), colours);
  for (const event of eventsOf(trace)) view(event);
  return `${text}\n${sparklines(trace, colours, columns)}`;
}

function* eventsOf({ tokens, switch: change }: RunResult): Generator<DecodeEvent, void, void> {
  for (const [i, { id, text, source }] of tokens.entries()) {
    if (i === change?.index) yield { type: 'model-switch', ...change };
    yield { type: 'token', id: (id ?? undefined) as never, text, source };
  }
  if (change && change.index >= tokens.length) yield { type: 'model-switch', ...change };
}

/** The probabilities, and the criterion's values where they are at most 1: yellow from γ on. */
function sparklines(trace: RunResult, colours: Terminal['colours'], columns: number): string {
  const known = confidences(trace);
  if (known.length === 0) return '\n';
  const gamma = gammaOf(trace);
  const length = Math.max(8, columns - LABEL - 1);
  const rows: string[] = [];
  for (let start = 0; start < known.length; start += length) {
    const part = known.slice(start, start + length);
    const windows = part.map(({ window }) => {
      const shown = window === undefined ? ' ' : bar(window);
      return gamma !== undefined && window !== undefined && window >= gamma ? colours.yellow(shown) : shown;
    });
    rows.push(`${'confidence'.padEnd(LABEL)}${part.map(({ probability }) => bar(probability)).join('')}`);
    rows.push(`${'window'.padEnd(LABEL)}${windows.join('').trimEnd()}`);
  }
  const { criterion } = trace.request;
  return `${rows.join('\n')}\n${criterion === null ? '' : `${'criterion'.padEnd(LABEL)}${criterion}\n`}`;
}

function bar(value: number): string {
  return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(value * BARS.length)))]!;
}
