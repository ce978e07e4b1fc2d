import { Template } from '@huggingface/jinja';
import { tokenize } from './jinja-runtime.ts';

export type { Template };

/** @throws Error whose message says what is wrong */
export function parseTemplate(source: string): Template {
  try {
    return new Template(source);
  } catch (cause) {
    throw endsTooSoon(cause) ? new Error(whereItEnds(source), { cause }) : cause;
  }
}

/** The lexer says so of its characters; the parser reads on behind its last token, and fails by that. */
function endsTooSoon(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof SyntaxError && error.message === 'Unexpected end of input');
}

function whereItEnds(source: string): string {
  return isInsideOfTag(source)
    ? 'it ends inside of a {{ … }} or {% … %}'
    : 'it ends before the {% endfor %}, {% endif %} or other end of a block';
}

function isInsideOfTag(source: string): boolean {
  try {
    const last = tokenize(source).findLast(({ type }) => /^(?:Open|Close)(?:Statement|Expression)$/.test(type));
    return last?.type.startsWith('Open') ?? false;
  } catch {
    return true;
  }
}
