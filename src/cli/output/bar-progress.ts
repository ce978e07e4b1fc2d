import { cursorTo, clearLine } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { formatBytes } from '../../models/format-bytes.ts';
import type { PullProgress } from '../../models/pull-progress.ts';
import type { Terminal } from './terminal.ts';

/** With the bar at most 79 columns: `[====] 100% · 98 MB of 98 MB · 1m10s left`. */
const FORMAT = '  {bar} {percentage}% · {done} of {size} · {eta_formatted} left';
const UNSIZED = '  {done}';
const BAR_COLUMNS = 30;

/** A bar below what it is about; it goes away when it ends, and for what else there is to say. */
export function barProgress(terminal: Terminal): PullProgress {
  let bar: SingleBar | undefined;
  let pulled = '';
  return {
    start({ model, source, totalBytes }) {
      const size = totalBytes === undefined ? '' : ` (${formatBytes(totalBytes)})`;
      pulled = `${model}${size}`;
      terminal.notice(`Downloading ${pulled} from ${source}`);
      bar = createBar(totalBytes);
      bar.start(totalBytes ?? 0, 0, { done: formatBytes(0), size: formatBytes(totalBytes ?? 0) });
    },
    advance: (doneBytes) => bar?.update(doneBytes, { done: formatBytes(doneBytes) }),
    note(text) {
      if (bar) wipeLine();
      terminal.notice(text);
    },
    done(outcome) {
      bar?.stop();
      bar = undefined;
      if (outcome === 'complete') terminal.notice(`${pulled} is here and verified.`);
    },
  };
}

function createBar(totalBytes: number | undefined): SingleBar {
  return new SingleBar({
    format: totalBytes === undefined ? UNSIZED : FORMAT,
    barsize: BAR_COLUMNS,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
}

function wipeLine(): void {
  cursorTo(process.stderr, 0);
  clearLine(process.stderr, 0);
}
