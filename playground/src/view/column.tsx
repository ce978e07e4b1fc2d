import type { ShownResponse } from '../trace/shown-response.ts';
import { TokenText } from './token-text.tsx';

interface ColumnProps {
  readonly id: string;
  readonly title: string;
  readonly response: ShownResponse;
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
  readonly mark?: number | undefined;
  readonly onDrop?: () => void;
}

/** One response with its name and speed. */
export function Column({ id, title, response, selected, onSelect, mark, onDrop }: ColumnProps) {
  return (
    <section class="column" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {title}
        {onDrop && (
          <button type="button" class="small" onClick={onDrop} aria-label={`Throw away: ${title}`}>
            ✕
          </button>
        )}
      </h2>
      <p class="speed">{speedOf(response)}</p>
      {response.problem !== undefined && <p role="alert">{response.problem}</p>}
      <TokenText {...{ id, selected, onSelect, mark }} label={`Tokens of ${title}`} tokens={response.tokens} />
    </section>
  );
}

function speedOf({ tokens, state, startMs, firstMs, endMs }: ShownResponse): string {
  if (state === 'waiting') return 'waiting …';
  if (firstMs === undefined) return tokens.length === 0 ? '' : `${tokens.length} tokens`;
  const seconds = ((endMs ?? performance.now()) - startMs) / 1000;
  const rate = (tokens.length / Math.max(seconds, 0.001)).toFixed(1);
  const end = { streaming: ' …', stopped: ', stopped', failed: ', broken off', done: '' }[state];
  return `${tokens.length} tokens, ${seconds.toFixed(1)} s, ${rate} tokens/s, first after ${((firstMs - startMs) / 1000).toFixed(2)} s${end}`;
}
