import { type JinjaNode, type JinjaToken, parse, tokenize } from './jinja-runtime.ts';

/** A template that was parsed. */
export type Template = JinjaNode;

/** As transformers parses it, with `trim_blocks` and `lstrip_blocks`. @throws Error whose message says what is wrong */
export function parseTemplate(source: string): Template {
  const lines = withoutBlockLines(source.replaceAll(/\r\n?/g, '\n'));
  try {
    const tokens = tokenize(lines);
    assertSupported(tokens);
    return parse(tokens);
  } catch (cause) {
    throw endsTooSoon(cause) ? new Error(whereItEnds(lines), { cause }) : cause;
  }
}

/** Without the blanks before a block at the beginning of a line, and the line's end behind one. */
function withoutBlockLines(source: string): string {
  const kept = /\{%\+|\+%\}/.exec(source)?.[0];
  if (kept !== undefined) throw new Error(`it uses ${kept}, which is not supported`);
  return source.replaceAll(/^[ \t]+(?=\{[#%])/gm, '').replaceAll(/([#%]\})\n/g, '$1');
}

/** What the library's parser has no word for. */
function assertSupported(tokens: readonly JinjaToken[]): void {
  assertNoChains(tokens);
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    if (token.type === 'NumericLiteral' && next?.type === 'Identifier' && /^(?:e\d*$|_\d)/i.test(next.value))
      throw new Error(`it writes the number ${token.value}${next.value}, which is not supported`);
    if (!isWord(token, IS)) continue;
    const [test, argument] = tokens.slice(next && isWord(next, NOT) ? i + 2 : i + 1);
    if (test && argument && /^(?:OpenParen|OpenSquareBracket|NumericLiteral|StringLiteral)$/.test(argument.type))
      throw new Error(`it gives the test ${test.value} an argument, which is not supported`);
  }
}

const IS: ReadonlySet<string> = new Set(['is']);
const NOT: ReadonlySet<string> = new Set(['not']);
const COMPARISONS: ReadonlySet<string> = new Set(['in']);
/** Where a comparison is over. */
const ENDS: ReadonlySet<string> = new Set(['and', 'or', 'if', 'else']);

/** The library reads `a < b < c` as `(a < b) < c`. */
function assertNoChains(tokens: readonly JinjaToken[]): void {
  // Whether there was a comparison, in each bracket that is open.
  const compared = [false];
  for (const token of tokens) {
    if (token.type.startsWith('Open')) compared.push(false);
    else if (token.type.startsWith('Close')) compared.pop();
    else if (/^(?:Comma|Colon|Equals)$/.test(token.type) || isWord(token, ENDS)) compared.splice(-1, 1, false);
    else if (token.type === 'ComparisonBinaryOperator' || isWord(token, COMPARISONS)) {
      if (compared.at(-1))
        throw new Error(`it chains comparisons at ${token.value}, which is not supported: use "and"`);
      compared.splice(-1, 1, true);
    }
  }
}

function isWord({ type, value }: JinjaToken, words: ReadonlySet<string>): boolean {
  return type === 'Identifier' && words.has(value);
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
