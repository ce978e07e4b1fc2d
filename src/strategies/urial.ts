import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { fencedForm } from '../prompts/fenced-form.ts';
import { arePublished, parseExamples } from '../prompts/parse-examples.ts';
import { URIAL_EXAMPLES } from '../prompts/urial-examples.ts';
import { baseOnly } from './base-only.ts';
import type { BaseOptions } from './base-options.ts';

export interface UrialOptions extends BaseOptions {
  /**
   * A system text and example exchanges, in the base's plain form (`[System]`, `[User]`, `[Assistant]`, each on a line
   * of its own) or in that of the published prompts (`# Instruction`, `# Query:`, `# Answer:`). Default: the project's
   * own, `src/prompts/urial-examples.ts`.
   */
  readonly examples?: string;
}

/**
 * Untuned in-context alignment (URIAL, arXiv 2312.01552): the base answers after a system text and a few examples of
 * good answers, base(· | system, (x₁, y₁) … (x_k, y_k), x). The paper and the published prompt have k = 3, as ours has;
 * its text (`inst_1k_v4.txt` of the authors' repository) can be given instead. It has no other number; unset, the
 * request's temperature is 0.
 *
 * Examples with the published headings are written in the published form, which their system text speaks of: headings and
 * fences (`# Query:`, then the text fenced). Others, such as the project's own, are written in the base's form of the
 * other strategies, so that they differ in what is said and not in how. A system message of the request follows the
 * examples. The authors' code has a repetition penalty of 1.15 at temperature 0 (1.1 at 0.3); here it is the request's, 1
 * where it has none, as for all strategies.
 *
 * @throws ConfigError for examples that are none
 */
export function urial(options: UrialOptions): DecodingStrategy {
  const answer = baseOnly({ base: options.base, baseFormat: urialFormat(options) }, 'urial');
  return { name: 'urial', decode: (request) => answer.decode(request) };
}

/** The examples before a conversation. @throws ConfigError for examples that are none */
export function urialFormat({ base, baseFormat, examples = URIAL_EXAMPLES }: UrialOptions): PromptFormat {
  const before = parseExamples(examples);
  const own = arePublished(examples) ? fencedForm(base.info) : baseFormat;
  return { format: (messages) => own.format([...before, ...messages]) };
}
