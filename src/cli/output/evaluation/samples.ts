import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readLinesInOrder } from '../../../batch/read-input-lines.ts';
import { LineSplitter } from '../../../recording/line-splitter.ts';
import type { EvaluationReport, StrategyReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';

/** Items of each task that are shown with all answers; the files have the others. */
const SHOWN = 10;

const token = z.object({ text: z.string(), source: z.enum(['draft', 'base']) });
const answer = z.object({
  line: z.int(),
  text: z.string(),
  finishReason: z.string(),
  switch: z.object({ index: z.number(), reason: z.string() }).nullable(),
  tokens: z.array(token).optional(),
  followUps: z.array(z.object({ text: z.string() })).optional(),
});
const failure = z.object({ line: z.int(), error: z.object({ code: z.string(), message: z.string() }) });
const grade = z.object({
  line: z.int(),
  by: z.string(),
  grades: z.record(z.string(), z.number()),
  words: z.string().optional(),
});
const reward = z.object({ line: z.int(), judge: z.string(), reward: z.number() });
const asked = z.object({
  id: z.unknown(),
  prompt: z.string().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })).optional(),
});

export type SampleAnswer = z.infer<typeof answer>;
export type SampleGrade = z.infer<typeof grade>;

/** One strategy's answer, with what was said of it. */
export interface Sample {
  readonly strategy: string;
  readonly answer: SampleAnswer | z.infer<typeof failure> | undefined;
  readonly grades: readonly SampleGrade[];
  readonly rewards: readonly z.infer<typeof reward>[];
}

/** One line of a task's input, with all answers to it. */
export interface SampledItem {
  readonly line: number;
  readonly id: string;
  /** The last thing that was said to the model. */
  readonly asked: string;
  /** All of it. */
  readonly conversation: string;
  readonly samples: readonly Sample[];
}

/**
 * Some items of a task, spread over all that were answered, with the answers of all strategies. Only they are kept in
 * memory.
 *
 * @param folder of the evaluation
 * @throws the file system's errors
 */
export async function readSamples(folder: string, task: TaskReport, report: EvaluationReport): Promise<SampledItem[]> {
  const [first] = task.strategies;
  const lines = await spread(join(folder, first!.answers));
  const items = await inputLines(task, lines, folder);
  const samples = new Map<number, Sample[]>(lines.map((line) => [line, []]));
  for (const strategy of task.strategies) {
    const found = await samplesOf(folder, strategy, lines, report);
    for (const line of lines) samples.get(line)!.push(found.get(line)!);
  }
  return lines.map((line) => ({ line, ...items.get(line)!, samples: samples.get(line)! }));
}

/** Up to `SHOWN` lines that were answered, in the file's order of lines. */
async function spread(path: string): Promise<number[]> {
  const answered = new Set<number>();
  for await (const { line } of parsedLines(path, answer)) answered.add(line);
  const all = [...answered].sort((a, b) => a - b);
  const count = Math.min(SHOWN, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

async function samplesOf(
  folder: string,
  { strategy, answers, grades, rewards }: StrategyReport,
  lines: readonly number[],
  report: EvaluationReport,
): Promise<Map<number, Sample>> {
  const wanted = new Set(lines);
  const found = new Map<number, Sample>(
    lines.map((line) => [line, { strategy, answer: undefined, grades: [], rewards: [] }]),
  );
  const note = (line: number, more: Partial<Sample>) => void found.set(line, { ...found.get(line)!, ...more });
  for await (const one of parsedLines(join(folder, answers), z.union([answer, failure]))) {
    if (wanted.has(one.line)) note(one.line, { answer: one });
  }
  if (grades !== undefined) {
    for await (const one of parsedLines(join(folder, grades), grade)) {
      if (!wanted.has(one.line)) continue;
      // Of several of one grader the last one counts.
      note(one.line, { grades: [...found.get(one.line)!.grades.filter(({ by }) => by !== one.by), one] });
    }
  }
  if (rewards !== undefined) {
    for await (const one of parsedLines(join(folder, rewards), reward)) {
      if (wanted.has(one.line) && one.judge === report.reward) note(one.line, { rewards: [one] });
    }
  }
  return found;
}

/** What was asked, of lines of the input; a file that is gone or was changed says nothing. */
async function inputLines(task: TaskReport, lines: readonly number[], folder: string) {
  const wanted = new Set(lines);
  const items = new Map(lines.map((line) => [line, { id: String(line), asked: '', conversation: '' }]));
  const path = task.benchmark ? join(folder, task.folder, 'items.jsonl') : task.input.file;
  if (!existsSync(path)) return items;
  for await (const { number, bytes } of readLinesInOrder(path)) {
    if (!wanted.has(number) || !bytes) continue;
    const read = asked.safeParse(parsed(Buffer.from(bytes).toString()));
    if (!read.success) continue;
    const { id, prompt, messages } = read.data;
    const turns = (messages ?? [{ role: 'user', content: prompt ?? '' }]).map(toTurn);
    const conversation = turns.map(({ role, text }) => (turns.length > 1 ? `${role}: ${text}` : text)).join('\n\n');
    items.set(number, {
      id: typeof id === 'string' ? id : String(number),
      ...{ asked: turns.at(-1)?.text ?? '', conversation },
    });
  }
  return items;
}

/** Content may be a list of parts. */
function toTurn({ role, content }: { readonly role: string; readonly content?: unknown }) {
  return { role, text: typeof content === 'string' ? content : JSON.stringify(content ?? '') };
}

async function* parsedLines<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T, void, void> {
  if (!existsSync(path)) return;
  const splitter = new LineSplitter();
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (const { bytes } of splitter.push(chunk)) {
      const read = schema.safeParse(parsed(Buffer.from(bytes ?? []).toString()));
      if (read.success) yield read.data;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
