import ora from 'ora';
import { DownloadError } from '../../core/errors.ts';
import { catalogue } from '../../models/catalogue.ts';
import { formatBytes } from '../../models/format-bytes.ts';
import type { PullProgress } from '../../models/pull-progress.ts';
import type { LoadProgress } from '../../assembly/model-settings.ts';
import { barProgress } from './bar-progress.ts';
import type { Terminal } from './terminal.ts';

/** A larger download is asked for first, where someone can answer. */
const ASK_ABOVE_BYTES = 1e9;
/** Anything that takes longer is announced, on a terminal or not. */
const PATIENCE_MS = 2000;

/** Progress on stderr: bars and spinners for people, plain lines for logs. */
export function loadProgress(terminal: Terminal): LoadProgress {
  const pull = terminal.redraws ? barProgress(terminal) : lineProgress(terminal);
  return {
    pull: { ...pull, confirm: (event) => confirmLarge(terminal, event), start: withLicence(terminal, pull) },
    load: together((models) => show(terminal, `Loading ${models.join(' and ')}`)),
    trial: (variant) => show(terminal, `Trying the GPU with ${variant}`),
    note: (text) => terminal.notice(text),
  };
}

/** Shows all that load at the same time in one line. */
function together(showAll: (models: readonly string[]) => () => void): (model: string) => () => void {
  const loading: string[] = [];
  let hide: (() => void) | undefined;
  const update = () => {
    hide?.();
    hide = loading.length > 0 ? showAll(loading) : undefined;
  };
  return (model) => {
    loading.push(model);
    update();
    return () => {
      loading.splice(loading.indexOf(model), 1);
      update();
    };
  };
}

function withLicence(terminal: Terminal, pull: PullProgress): PullProgress['start'] {
  const told = new Set<string>();
  return (event) => {
    const known = catalogue.models.find(({ name }) => name === event.model);
    if (known && !told.has(event.model)) terminal.notice(`${known.title}: ${known.licence.notice}`);
    told.add(event.model);
    pull.start(event);
  };
}

async function confirmLarge(
  terminal: Terminal,
  { model, totalBytes }: { model: string; totalBytes: number | undefined },
): Promise<void> {
  if (!terminal.someoneIsThere || totalBytes === undefined || totalBytes < ASK_ABOVE_BYTES) return;
  const { confirm } = await import('@inquirer/prompts');
  const message = `Download ${model} (${formatBytes(totalBytes)})?`;
  const agreed = await confirm({ message, default: true }, { output: process.stderr }).catch((cause: unknown) => {
    throw new DOMException(`Ctrl-C instead of an answer: ${String(cause)}`, 'AbortError');
  });
  if (!agreed)
    throw new DownloadError('declined', `${model} was not downloaded: name a model that is here, or answer yes.`);
}

/** A line for each tenth. */
function lineProgress(terminal: Terminal): PullProgress {
  let shown = 0;
  let total = 0;
  return {
    start({ model, source, totalBytes = 0 }) {
      [shown, total] = [0, totalBytes];
      const size = totalBytes === 0 ? '' : ` (${formatBytes(totalBytes)})`;
      terminal.notice(`Downloading ${model}${size} from ${source} …`);
    },
    advance(doneBytes) {
      const tenth = total === 0 ? 0 : Math.floor((10 * doneBytes) / total);
      if (tenth <= shown) return;
      shown = tenth;
      terminal.notice(`  ${10 * tenth}% (${formatBytes(doneBytes)})`);
    },
    note: (text) => terminal.notice(text),
    done(outcome) {
      if (outcome === 'complete') terminal.notice('Downloaded and verified.');
    },
  };
}

function show(terminal: Terminal, text: string): () => void {
  return terminal.redraws ? spin(text, terminal) : announceLate(terminal, `${text} …`);
}

function spin(text: string, { noticeColours }: Terminal): () => void {
  const color = noticeColours.isColorSupported ? 'cyan' : false;
  const spinner = ora({ text, color, stream: process.stderr, discardStdin: false }).start();
  return () => void spinner.stop();
}

/** Says what happens if it takes a while; the returned function is called when it is over. */
export function announceLate(terminal: Terminal, text: string): () => void {
  const timer = setTimeout(() => terminal.notice(text), PATIENCE_MS);
  return () => clearTimeout(timer);
}
