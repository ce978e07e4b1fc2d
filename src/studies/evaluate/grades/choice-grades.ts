import type { BenchmarkItem, Choices } from '../../../benchmarks/benchmark.ts';
import { gradeChoices } from '../../../benchmarks/graders/choice-likelihoods.ts';
import { beginningOfText } from '../../../core/beginning-of-text.ts';
import { commonPrefixLength } from '../../../core/common-prefix-length.ts';
import type { LanguageModel } from '../../../core/language-model.ts';
import { isFailure } from '../../../recording/failure.ts';
import { watched } from '../../../recording/watched.ts';
import { workThrough } from '../../../recording/work-through.ts';
import type { Evaluation, TaskJobs } from '../open-evaluation.ts';
import type { ChoiceLine } from './choice-recording.ts';

/** The items that count, each once. */
export function itemsAsked({ task, asked }: TaskJobs): readonly BenchmarkItem[] {
  const { items, samples } = task.benchmark!;
  return items.filter((_, index) => asked.has(index * samples + 1));
}

/** Items between whose answers the base has not chosen yet; none of a benchmark without choices. */
export function itemsUnchosen(task: TaskJobs): readonly BenchmarkItem[] {
  const { choices } = task;
  return choices ? itemsAsked(task).filter(({ id }) => !choices.known.has(id)) : [];
}

/** Asks the base for the likelihood of each answer of the items that lack it. */
export async function readChoices(base: LanguageModel, task: TaskJobs, evaluation: Evaluation): Promise<void> {
  const { concurrency, signal, watch } = evaluation.options;
  const open = itemsUnchosen(task);
  if (open.length === 0) return;
  const benchmark = task.task.benchmark!.value;
  const told = watch?.grades?.("the base's log-likelihoods of given answers", open.length);
  await watched(told, () =>
    workThrough<BenchmarkItem, ChoiceLine>(open, {
      concurrency,
      signal,
      answer: async (item, stop) => ({ item: item.id, ...(await choose(base, benchmark.choices!(item), stop)) }),
      async record(item, outcome) {
        if (!isFailure(outcome)) await task.choices!.append(outcome);
        told?.add?.(task.task.benchmark!.items.indexOf(item) + 1, isFailure(outcome) ? outcome : undefined);
      },
    }),
  );
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
