import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { PromptFormat } from '../core/prompt-format.ts';
import { parseExamples } from '../prompts/parse-examples.ts';
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
 * The authors write headings and code fences (`# Query:`, then the text fenced); here every prompt is written in the
 * base's own form of the other strategies, so that they differ in what is said and not in how. A system message of the
 * request follows the examples.
 *
 * @throws ConfigError for examples that are none
 */
export function urial({ base, baseFormat, examples = URIAL_EXAMPLES }: UrialOptions): DecodingStrategy {
  const before = parseExamples(examples);
  const format: PromptFormat = { format: (messages) => baseFormat.format([...before, ...messages]) };
  const answer = baseOnly({ base, baseFormat: format }, 'urial');
  return { name: 'urial', decode: (request) => answer.decode(request) };
}
