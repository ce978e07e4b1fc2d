import { join } from 'node:path';
import { z } from 'zod';
import { describeSetting } from '../../../assembly/run-fingerprint.ts';
import type { Choices } from '../../../benchmarks/benchmark.ts';
import { type ChoiceGrade, gradeChoices } from '../../../benchmarks/graders/choice-likelihoods.ts';
import { beginningOfText } from '../../../core/beginning-of-text.ts';
import { commonPrefixLength } from '../../../core/common-prefix-length.ts';
import type { LanguageModel } from '../../../core/language-model.ts';
import { openRecording, type Recording } from '../../../recording/open-recording.ts';
import { workThrough } from '../../../recording/work-through.ts';
import { isFailure } from '../../../recording/failure.ts';
import { type Evaluation, folderOf, type TaskJobs, WORDS } from '../open-evaluation.ts';

export const CHOICES = 'choices.jsonl';

/** How the base chooses between the answers of an item, without writing any. */
export const choiceLine = z.object({
  item: z.string(),
  mc1: z.number(),
  mc2: z.number(),
  likelihoods: z
    .object({ best: z.number(), correct: z.array(z.number()), incorrect: z.array(z.number()) })
    .describe('Natural logarithms, of whole answers.'),
});

export type ChoiceLine = z.infer<typeof choiceLine>;

/** The items that count, each once. */
function itemsOf({ task, asked }: TaskJobs) {
  const { items, samples } = task.benchmark!;
  return items.filter((_, index) => asked.has(index * samples + 1));
}

/** Choices that earlier runs recorded. */
export async function recordedChoices(
  task: TaskJobs,
  evaluation: Evaluation,
): Promise<ReadonlyMap<string, ChoiceGrade>> {
  const known = new Map<string, ChoiceGrade>();
  if (task.task.benchmark?.value.choices) await using(task, evaluation, known, () => Promise.resolve());
  return known;
}

export async function hasUnreadChoices(task: TaskJobs, evaluation: Evaluation): Promise<boolean> {
  if (!task.task.benchmark?.value.choices) return false;
  const known = await recordedChoices(task, evaluation);
  return itemsOf(task).some(({ id }) => !known.has(id));
}

/** Asks the base for the likelihood of each answer of the items that lack it. */
export async function readChoices(base: LanguageModel, task: TaskJobs, evaluation: Evaluation): Promise<void> {
  const benchmark = task.task.benchmark?.value;
  if (!benchmark?.choices) return;
  const { concurrency, signal, watch } = evaluation.options;
  const known = new Map<string, ChoiceGrade>();
  await using(task, evaluation, known, async (recording) => {
    const open = itemsOf(task).filter(({ id }) => !known.has(id));
    if (open.length === 0) return;
    const told = watch?.grades?.("the base's log-likelihoods of given answers", open.length);
    let wasStopped = true;
    try {
      await workThrough<(typeof open)[number], ChoiceLine>(each(open), {
        concurrency,
        signal,
        answer: async (item, stop) => ({ item: item.id, ...(await choose(base, benchmark.choices!(item), stop)) }),
        record: async (item, outcome) => {
          if (!isFailure(outcome)) await recording.append(outcome);
          told?.add?.(itemsOf(task).indexOf(item) + 1, isFailure(outcome) ? outcome : undefined);
        },
      });
      wasStopped = false;
    } finally {
      told?.end?.({ wasStopped });
    }
  });
}

async function using(
  task: TaskJobs,
  evaluation: Evaluation,
  known: Map<string, ChoiceGrade>,
  work: (recording: Recording<ChoiceLine, string>) => Promise<void>,
): Promise<void> {
  const { base } = evaluation.options.models;
  const { value } = task.task.benchmark!;
  await using recording = await openRecording<ChoiceLine, string>(join(folderOf(evaluation, task), CHOICES), {
    ...WORDS,
    fingerprint: {
      benchmark: `${value.name} ${value.version}`,
      ...(base !== undefined && { base: await describeSetting('base', base) }),
    },
    parse(text) {
      try {
        return choiceLine.parse(JSON.parse(text));
      } catch {
        return undefined;
      }
    },
    idOf: ({ item }) => item,
    onItem: ({ item, mc1, mc2 }) => void known.set(item, { mc1: mc1, mc2 }),
  });
  await work(recording);
}

async function choose(base: LanguageModel, choices: Choices, signal: AbortSignal): Promise<Omit<ChoiceLine, 'item'>> {
  const { prompt, best, correct, incorrect } = choices;
  const all = new Map<string, number>();
  for (const answer of new Set([best, ...correct, ...incorrect])) {
    all.set(answer, await logLikelihood(base, prompt, ` ${answer}`, signal));
  }
  const of = (answer: string) => all.get(answer)!;
  const likelihoods = { best: of(best), correct: correct.map(of), incorrect: incorrect.map(of) };
  return { ...gradeChoices(likelihoods), likelihoods };
}

/** ln P of a text after another one; the two are tokenized as one text. */
async function logLikelihood(base: LanguageModel, prompt: string, text: string, signal: AbortSignal): Promise<number> {
  const beginning = beginningOfText(base.info);
  const encode = (whole: string) => base.encode([...beginning, { text: whole, control: false }], { signal });
  const [before, whole] = [await encode(prompt), await encode(prompt + text)];
  const start = commonPrefixLength(before, whole);
  const scores = await base.score(whole.slice(0, start), whole.slice(start), { signal });
  return scores.reduce((sum, { logprob }) => sum + logprob, 0);
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, void> {
  yield* items;
  await Promise.resolve();
}
