import type { DecodeTrace } from '../../core/decode-trace.ts';
import { checkOptions } from '../../assembly/check-options.ts';
import { modelsNeeded, strategyText, textsAtOnce } from '../../assembly/create-strategy.ts';
import { decode } from '../../assembly/decode.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import { loadModels, type Models } from '../../assembly/load-pair.ts';
import { identifyModels } from '../../assembly/identify-models.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { describeRequest } from '../../assembly/run-request.ts';
import { type RunResult, toRunResult } from '../../assembly/run-result.ts';
import { Interrupt } from '../interrupt.ts';
import { compareTable } from '../output/compare-table.ts';
import { confidenceLine } from '../output/confidence-line.ts';
import { showNativeLog } from '../output/native-log.ts';
import { colouredView, plainView, type ResponseView } from '../output/response-view.ts';
import { warnOfDraft } from '../output/warn-of-draft.ts';
import { summaryLine } from '../output/summary-line.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { assertWritable, writeJsonFile } from '../../storage/write-json-file.ts';
import { readInput } from '../read-input.ts';
import { decodeOptions, modelSettings } from './command-values.ts';
import { COMPARED, type RunValues } from './run-values.ts';

/** Answers with one strategy or three, and shows the responses while they come. */
export async function answerPrompt(words: readonly string[], values: RunValues): Promise<void> {
  const terminal = openTerminal();
  // Before the interrupt: while stdin is read, Ctrl-C has its own effect.
  const input = await readInput(words, values.messages);
  using interrupt = new Interrupt();
  const confidences = values.json || values.trace !== undefined || values.showConfidence ? 'all' : 'deciding';
  const options: DecodeOptions = {
    ...(await decodeOptions(values)),
    ...input,
    confidences,
    signal: interrupt.signal,
  };
  checkOptions(options);
  if (values.trace !== undefined) await assertWritable(values.trace, '--trace');
  if (values.debug) await showNativeLog(values);

  const strategies = values.compare ? COMPARED : [values.strategy];
  const settings = await modelSettings(values, terminal, interrupt.signal);
  const needed = [...new Set(strategies.flatMap((strategy) => modelsNeeded(strategy, settings)))];
  const models = await loadModels(settings, needed, {
    textsAtOnce: Math.max(...strategies.map(textsAtOnce)),
    briefly: true,
  });
  try {
    const traces: DecodeTrace[] = [];
    for (const strategy of strategies) traces.push(await answer(models, { ...options, strategy }, values, terminal));
    const results =
      values.json || values.trace !== undefined ? await resultsOf(traces, strategies, options, settings) : [];
    await finish(traces, results, values, terminal);
  } catch (error) {
    // The shell's prompt, or the sentence on what went wrong, begins on a line of its own.
    if (terminal.pretty && !values.json) terminal.write('\n');
    throw error;
  } finally {
    await models.close();
  }
}

async function answer(
  models: Models,
  options: DecodeOptions,
  values: RunValues,
  terminal: Terminal,
): Promise<DecodeTrace> {
  if (values.compare && !values.json)
    terminal.write(`${terminal.colours.bold(`── ${strategyText(options.strategy ?? 'wsd')} ──`)}\n`);
  const view = chooseView(values, terminal);
  const events = decode(models, options);
  for (;;) {
    const next = await events.next();
    if (next.done) {
      if (values.showConfidence) showConfidence(next.value, terminal);
      return next.value;
    }
    view(next.value);
  }
}

function showConfidence(trace: DecodeTrace, terminal: Terminal): void {
  const of = trace.strategy === 'draft' ? "the draft's" : "the base's";
  const line = confidenceLine(trace);
  if (line === '') return terminal.notice('No probability is known: nobody scores what the base writes alone.');
  terminal.notice(`Probability of each token, ${of} (▁ 0 to █ 1, · unknown, ⟫ the base takes over):\n${line}`);
}

async function resultsOf(
  traces: readonly DecodeTrace[],
  strategies: readonly DecodeOptions['strategy'][],
  options: DecodeOptions,
  settings: ModelSettings,
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const [i, trace] of traces.entries()) {
    const strategy = strategies[i];
    const identities = await identifyModels(settings, strategy);
    results.push(toRunResult(trace, describeRequest({ ...options, strategy }, settings, identities)));
  }
  return results;
}

async function finish(
  traces: readonly DecodeTrace[],
  results: readonly RunResult[],
  values: RunValues,
  terminal: Terminal,
): Promise<void> {
  const output = values.compare ? { compare: results } : results[0];
  if (values.json) terminal.write(`${JSON.stringify(output)}\n`);
  else if (values.compare) terminal.notice(compareTable(traces));
  else terminal.notice(terminal.noticeColours.dim(summaryLine(traces[0]!)));
  for (const trace of traces) warnOfDraft(trace, terminal);
  if (values.trace !== undefined) await writeJsonFile(values.trace, output, '--trace');
}

function chooseView(values: RunValues, terminal: Terminal): ResponseView {
  if (values.json) return () => undefined;
  return terminal.pretty
    ? colouredView(terminal.write, terminal.colours)
    : plainView(terminal.write, { ...terminal, marks: values.compare ?? false });
}
