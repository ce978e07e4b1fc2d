import { clearLine, cursorTo } from 'node:readline';
import { SingleBar } from 'cli-progress';
import type { RunEvent } from '../../training/run-event.ts';
import { formatDuration } from './format-duration.ts';
import type { Terminal } from './terminal.ts';

/** At most 79 columns. */
const FORMAT = '  {bar} {value}/{total} · {numbers}{left}';
const BAR_COLUMNS = 12;
/** Between two lines where nobody looks at a terminal. */
const LINE_INTERVAL_MS = 10_000;

/** What a step was logged with: the names are TRL's. */
export type StepLog = Readonly<Record<string, unknown>> & { readonly step: number };

/** Follows a run: a bar on a terminal, else a line now and then. */
export function trainingProgress(terminal: Terminal) {
  const history: StepLog[] = [];
  let bar: SingleBar | undefined;
  let lastLineMs = -Infinity;

  const note = (text: string): void => {
    if (bar) {
      cursorTo(process.stderr, 0);
      clearLine(process.stderr, 0);
    }
    terminal.notice(text);
  };
  const begin = ({ step, steps, history: earlier }: Extract<RunEvent, { event: 'begin' }>): void => {
    history.push(...earlier.flatMap(stepOf));
    note(step === 0 ? `Training ${steps} steps.` : `Going on after step ${step} of ${steps}.`);
    if (!terminal.redraws) return;
    bar = new SingleBar({ format: FORMAT, barsize: BAR_COLUMNS, stream: process.stderr, clearOnComplete: true });
    bar.start(steps, step, { numbers: '', left: '' });
  };
  const advance = ({ seconds_left, steps, ...step }: Extract<RunEvent, { event: 'step' }>): void => {
    history.push(step);
    const shown = { numbers: numbersOf(step), left: ` · ${formatDuration(seconds_left)} left` };
    bar?.update(step.step, shown);
    if (bar || performance.now() - lastLineMs < LINE_INTERVAL_MS) return;
    lastLineMs = performance.now();
    terminal.notice(`step ${step.step} of ${steps} · ${shown.numbers}${shown.left}`);
  };
  return {
    history,
    show(event: RunEvent): void {
      if (event.event === 'note') note(event.text);
      else if (event.event === 'data') dataNotes(event).forEach(note);
      else if (event.event === 'begin') begin(event);
      else if (event.event === 'step') advance(event);
    },
    [Symbol.dispose]: () => bar?.stop(),
  };
}

/** The last entry of a finished run sums it up, and has no loss. */
function stepOf(entry: Readonly<Record<string, unknown>>): StepLog[] {
  const { step, loss } = entry;
  return typeof step === 'number' && typeof loss === 'number' ? [{ ...entry, step }] : [];
}

function numbersOf(step: StepLog): string {
  const shown = { loss: 'loss', margin: 'rewards/margins', accuracy: 'rewards/accuracies' };
  return Object.entries(shown)
    .flatMap(([name, key]) => {
      const value = step[key] ?? step[key.replace('rewards/', '')];
      return typeof value === 'number' ? [`${name} ${value.toPrecision(3)}`] : [];
    })
    .join(' · ');
}

function dataNotes({ answers, cut, lost, parted }: Extract<RunEvent, { event: 'data' }>): string[] {
  const notes = [
    [cut, 'lose their end to max_length: of those the end is not learned'],
    [lost, 'are cut off whole by max_length: nothing is learned of them'],
    [parted, 'have a prompt whose tokens don’t begin those of prompt and answer'],
  ] as const;
  return notes.flatMap(([count, words]) => (count > 0 ? [`${count} of ${answers} answers ${words}.`] : []));
}
