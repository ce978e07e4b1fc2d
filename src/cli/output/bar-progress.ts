import { cursorTo, clearLine } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { formatBytes } from '../../models/format-bytes.ts';
import type { PullProgress } from '../../models/pull-progress.ts';
import { formatDuration } from './format-duration.ts';
import type { Terminal } from './terminal.ts';

/** With the bar at most 79 columns: `[====] 50% · 49 MB of 98 MB · 45 s left`. */
const FORMAT = '  {bar} {percentage}% · {done} of {size}{eta_formatted}';
const UNSIZED = '  {done}';
const BAR_COLUMNS = 30;

/** A bar below what it is about; it goes away when it ends, and for what else there is to say. */
export function barProgress(terminal: Terminal, stream: NodeJS.WritableStream = process.stderr): PullProgress {
  let bar: SingleBar | undefined;
  let pulled = '';
  return {
    start({ model, source, totalBytes }) {
      const size = totalBytes === undefined ? '' : ` (${formatBytes(totalBytes)})`;
      pulled = `${model}${size}`;
      terminal.notice(`Downloading ${pulled} from ${source}`);
      bar = createBar(totalBytes, stream);
      bar.start(totalBytes ?? 0, 0, { done: formatBytes(0), size: formatBytes(totalBytes ?? 0) });
    },
    advance: (doneBytes) => bar?.update(doneBytes, { done: formatBytes(doneBytes) }),
    note(text) {
      if (bar) wipeLine(stream);
      terminal.notice(text);
    },
    done(outcome) {
      bar?.stop();
      bar = undefined;
      if (outcome === 'complete') terminal.notice(`${pulled} is here and verified.`);
    },
  };
}

function createBar(totalBytes: number | undefined, stream: NodeJS.WritableStream): SingleBar {
  return new SingleBar({
    format: totalBytes === undefined ? UNSIZED : FORMAT,
    barsize: BAR_COLUMNS,
    stream,
    formatTime: timeLeft,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
}

/** Nothing while it can't be told: cli-progress says "INF" or "NULL" then, against its types. */
function timeLeft(seconds: number): string {
  return seconds > 0 ? ` · ${formatDuration(seconds)} left` : '';
}

function wipeLine(stream: NodeJS.WritableStream): void {
  cursorTo(stream, 0);
  clearLine(stream, 0);
}
