import ts from 'typescript';

/** A small change of a source that tests should notice. */
export interface Mutant {
  /** Index of the source at which it begins. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** `a < b → a <= b`. */
  readonly words: string;
}

const OPERATORS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
]);

/** All mutants of a source: comparisons, arithmetic, logic, conditions, numbers, truth values, calls that are left out. */
export function mutantsOf(path: string, source: string): Mutant[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, text: string) => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ start, end, text, line, words: `${oneLine(source.slice(start, end))} → ${oneLine(text)}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    // What a message says is no behaviour of the algorithm.
    if (ts.isThrowStatement(node) || ts.isNewExpression(node)) return;
    for (const text of replacements(node, source)) add(node, text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

function replacements(node: ts.Node, source: string): string[] {
  const textOf = (part: ts.Node) => source.slice(part.getStart(), part.getEnd());
  if (ts.isBinaryExpression(node)) {
    const other = OPERATORS.get(node.operatorToken.kind);
    return other === undefined || isText(node) ? [] : [`${textOf(node.left)} ${other} ${textOf(node.right)}`];
  }
  if (ts.isIfStatement(node)) {
    const rest = source.slice(node.expression.getEnd(), node.getEnd());
    return [`if (true${rest}`, `if (false${rest}`];
  }
  if (ts.isConditionalExpression(node))
    return [textOf(node.whenTrue), textOf(node.whenFalse)].map((text) => `(${text})`);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [textOf(node.operand)];
  if (node.kind === ts.SyntaxKind.TrueKeyword && !ts.isLiteralTypeNode(node.parent)) return ['false'];
  if (node.kind === ts.SyntaxKind.FalseKeyword && !ts.isLiteralTypeNode(node.parent)) return ['true'];
  if (ts.isNumericLiteral(node) && !ts.isLiteralTypeNode(node.parent)) return [`(${node.text} + 1)`];
  if (ts.isExpressionStatement(node) && isCall(node.expression)) return [';'];
  return [];
}

/** `a + ' text'` has no other operator. */
function isText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some((side) => ts.isStringLiteral(side) || ts.isTemplateExpression(side));
}

function isCall(expression: ts.Expression): boolean {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) return isCall(expression.expression);
  return ts.isCallExpression(expression) && expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
