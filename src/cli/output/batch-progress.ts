import { clearLine, cursorTo } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { formatDuration } from './format-duration.ts';
import type { BatchCount } from '../../batch/open-batch.ts';
import type { Terminal } from './terminal.ts';

/** At most 79 columns for a million lines. */
const FORMAT = '  {bar} {percentage}% · {value}/{total} · {failed} failed · {rate} lines/s · {left}';
const BAR_COLUMNS = 16;
/** Between two lines where nobody looks at a terminal. */
const LINE_INTERVAL_MS = 10_000;

export interface BatchProgress extends Disposable {
  /** One more line is done. */
  advance(outcome: { readonly hasFailed: boolean }): void;
  note(text: string): void;
}

/** How far a batch is, how fast it goes and how long it will take: a bar on a terminal, else a line now and then. */
export function batchProgress(terminal: Terminal, start: BatchCount): BatchProgress {
  const count = { ...start };
  const startMs = performance.now();
  const shown = () => rateOf(count, { done: count.done - start.done, elapsedMs: performance.now() - startMs });
  const view = terminal.redraws ? barView(terminal, count, shown) : lineView(terminal, count, shown);
  return {
    advance({ hasFailed }) {
      count.done++;
      if (hasFailed) count.failed++;
      view.update();
    },
    note: (text) => view.note(text),
    [Symbol.dispose]: () => view.end(),
  };
}

interface Rate {
  readonly rate: string;
  readonly left: string;
}

function rateOf({ total, done }: BatchCount, made: { readonly done: number; readonly elapsedMs: number }): Rate {
  const perSecond = (1000 * made.done) / made.elapsedMs;
  const left = made.done === 0 ? '' : `${formatDuration((total - done) / perSecond)} left`;
  return { rate: made.done === 0 ? '–' : perSecond.toPrecision(3), left };
}

interface View {
  update(): void;
  note(text: string): void;
  end(): void;
}

function barView({ notice }: Terminal, count: BatchCount, shown: () => Rate): View {
  const bar = new SingleBar({
    format: FORMAT,
    barsize: BAR_COLUMNS,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(count.total, count.done, { ...shown(), failed: count.failed });
  return {
    update: () => bar.update(count.done, { ...shown(), failed: count.failed }),
    note(text) {
      cursorTo(process.stderr, 0);
      clearLine(process.stderr, 0);
      notice(text);
    },
    end: () => bar.stop(),
  };
}

function lineView({ notice }: Terminal, count: BatchCount, shown: () => Rate): View {
  const timer = setInterval(() => {
    const { rate, left } = shown();
    notice(`${count.done} of ${count.total} lines, ${count.failed} failed, ${rate} lines/s, ${left || 'time unknown'}`);
  }, LINE_INTERVAL_MS);
  return { update: () => undefined, note: notice, end: () => clearInterval(timer) };
}
