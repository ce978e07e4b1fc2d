import type { DecodeOptions, DecodeTrace, Pair } from '../src/index.ts';
import { forget, msPerToken, respond, responseTokens } from './respond.ts';
import { type Row, toRow } from './row.ts';

/** As in the authors' code: draft all there is to draft, score it at once, then continue. */
const WHOLE_DRAFT = 512;

const RATIO = 'ratio of time per token';

const SCHEDULES = {
  base: { strategy: 'base', speculate: false },
  wsd: { strategy: 'wsd', speculate: false },
  wsdDeciding: { strategy: 'wsd', speculate: false, confidences: 'deciding' },
  wsdSpeculative: { strategy: 'wsd', speculate: true, confidences: 'deciding' },
  // After WSD: who comes later guesses better, since the shortlist of likely tokens has those of the subject by then.
  baseLookup: { strategy: 'base', speculate: true },
  reference: { strategy: 'wsd', speculate: false, chunkTokens: WHOLE_DRAFT },
} as const satisfies Record<string, DecodeOptions>;

type Schedule = keyof typeof SCHEDULES;
type Traces = Readonly<Record<Schedule, DecodeTrace>>;

export interface ScheduleOptions {
  readonly prompts: readonly string[];
  /** Most tokens that the base writes in each response. */
  readonly maxTokens: number;
  readonly onPrompt?: (done: number) => void;
}

/** Runs each prompt through every schedule in turn and compares the time per token of the response. */
export async function measureSchedules(pair: Pair, options: ScheduleOptions): Promise<Row[]> {
  const traces: Traces[] = [];
  await answerAll(pair, options.prompts[0]!, 16);
  for (const prompt of options.prompts) {
    traces.push(await answerAll(pair, prompt, options.maxTokens));
    options.onPrompt?.(traces.length);
  }
  return [...ratioRows(traces), ...wsdRows(traces)];
}

function ratioRows(traces: readonly Traces[]): Row[] {
  const row = (name: string, numerator: Schedule, denominator: Schedule, note?: string) =>
    toRow(
      name,
      RATIO,
      traces.map((each) => msPerToken(each[numerator]) / msPerToken(each[denominator])),
      note,
    );
  return [
    row('base-lookup-vs-base', 'baseLookup', 'base', 'the base alone with look-up, last'),
    row('wsd-vs-base', 'wsd', 'base', 'chunked, nothing else'),
    row('wsd-deciding-vs-base', 'wsdDeciding', 'base', 'chunked, rows of logits only where they may decide'),
    row('wsd-speculative-vs-base', 'wsdSpeculative', 'base', 'everything on, as users get it'),
    row('wsd-vs-reference-schedule', 'wsdSpeculative', 'reference', "as users get it over the authors' schedule"),
    row('reference-schedule-vs-wsd', 'reference', 'wsdSpeculative', 'how many times faster WSD is as users get it'),
    row('reference-schedule-vs-wsd-deciding', 'reference', 'wsdDeciding', 'the same without look-up'),
    row(
      'reference-schedule-vs-wsd-all-rows',
      'reference',
      'wsd',
      'chunked, nothing else: what the schedule gains by itself',
    ),
    row('reference-schedule-vs-base', 'reference', 'base'),
    totalRow(traces, 'wsd-vs-base-total', 'wsd', 'base'),
    totalRow(traces, 'wsd-speculative-vs-base-total', 'wsdSpeculative', 'base'),
    totalRow(traces, 'reference-schedule-vs-wsd-total', 'reference', 'wsdSpeculative'),
    totalRow(traces, 'reference-schedule-vs-wsd-deciding-total', 'reference', 'wsdDeciding'),
    totalRow(traces, 'reference-schedule-vs-wsd-all-rows-total', 'reference', 'wsd'),
  ];
}

/** Time of all responses together over their tokens: long responses count for more than short ones. */
function totalRow(traces: readonly Traces[], name: string, numerator: Schedule, denominator: Schedule): Row {
  return toRow(name, RATIO, [total(traces, numerator) / total(traces, denominator)], 'all prompts together');
}

function wsdRows(traces: readonly Traces[]): Row[] {
  const row = (name: string, unit: string, of: (each: Traces) => number) => toRow(name, unit, traces.map(of));
  return [
    row('first-token-ms', 'ms', ({ wsdSpeculative }) => wsdSpeculative.timings.firstTokenMs ?? Number.NaN),
    row('kept-draft-tokens', 'tokens', ({ wsd }) => wsd.usage.keptDraftTokens),
    row('drafted-in-vain', 'share', ({ wsd }) => vainShare(wsd)),
    row('base-ms-per-token', 'ms', ({ base }) => msPerToken(base)),
    row('draft-ms-per-token', 'ms', ({ wsd }) => wsd.timings.draftMs / wsd.usage.draftTokens),
    row(
      'draft-lookup-ms-per-token',
      'ms',
      ({ wsdSpeculative: { timings, usage } }) => timings.draftMs / usage.draftTokens,
    ),
    row('score-ms-per-token', 'ms', ({ wsd }) => wsd.timings.scoreMs / wsd.usage.keptDraftTokens),
    row(
      'score-deciding-ms-per-token',
      'ms',
      ({ wsdDeciding: { timings, usage } }) => timings.scoreMs / usage.keptDraftTokens,
    ),
    toRow(
      'texts-changed-by-lookup',
      'responses',
      [changedTexts(traces, 'wsdSpeculative')],
      `of ${traces.length}; near-ties`,
    ),
    toRow('texts-changed-by-bounds', 'responses', [changedTexts(traces, 'wsdDeciding')], `of ${traces.length}`),
  ];
}

/** Another batch shape can round otherwise; then two nearly equal logits change places. */
function changedTexts(traces: readonly Traces[], by: Schedule): number {
  return traces.filter((each) => each[by].text !== each.wsd.text).length;
}

async function answerAll(pair: Pair, prompt: string, maxTokens: number): Promise<Traces> {
  const traces: Partial<Record<Schedule, DecodeTrace>> = {};
  for (const [name, schedule] of Object.entries(SCHEDULES) as [Schedule, DecodeOptions][]) {
    await forget(pair);
    traces[name] = await respond(pair, { ...schedule, prompt, maxTokens });
  }
  return traces as Traces;
}

function total(traces: readonly Traces[], schedule: Schedule): number {
  const chosen = traces.map((each) => each[schedule]);
  const sum = (of: (trace: DecodeTrace) => number) => chosen.reduce((before, trace) => before + of(trace), 0);
  return sum(({ timings }) => timings.totalMs) / sum(responseTokens);
}

function vainShare({ usage }: DecodeTrace): number {
  return Math.max(usage.draftTokens - usage.keptDraftTokens, 0) / usage.draftTokens;
}
