import ts from 'typescript';

/** A small change of a source that tests should notice. */
export interface Mutant {
  /** Index of the source at which it begins. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** The line on which it begins, without blanks around it. */
  readonly at: string;
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
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
]);

const CALLEES = new Map([
  ['Math.min', 'Math.max'],
  ['Math.max', 'Math.min'],
]);

/**
 * All mutants of a source: comparisons, arithmetic, logic, conditions, defaults, numbers, truth values, calls that are
 * left out, fields that are not taken over.
 */
export function mutantsOf(path: string, source: string): Mutant[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const lines = source.split('\n');
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, text: string) => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const words = `${oneLine(source.slice(start, end))} → ${oneLine(text)}`;
    mutants.push({ start, end, text, line, at: lines[line - 1]!.trim(), words });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || isMessage(node))
      return;
    for (const text of replacements(node, source)) add(node, text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

/** What an error says is no behaviour of an algorithm. */
function isMessage(node: ts.Node): boolean {
  return ts.isThrowStatement(node) || (ts.isNewExpression(node) && /Error$/.test(node.expression.getText()));
}

function replacements(node: ts.Node, source: string): string[] {
  const textOf = (part: ts.Node) => source.slice(part.getStart(), part.getEnd());
  if (ts.isBinaryExpression(node)) return otherOperator(node, textOf);
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
  if (ts.isSpreadAssignment(node)) return ['...{}'];
  if (ts.isExpressionStatement(node) && isCall(node.expression)) return [';'];
  const callee = ts.isPropertyAccessExpression(node) ? CALLEES.get(textOf(node)) : undefined;
  return callee === undefined ? [] : [callee];
}

function otherOperator(node: ts.BinaryExpression, textOf: (part: ts.Node) => string): string[] {
  const { left, right, operatorToken } = node;
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [`(${textOf(left)})`, `(${textOf(right)})`];
  const other = OPERATORS.get(operatorToken.kind);
  return other === undefined || isText(node) ? [] : [`${textOf(left)} ${other} ${textOf(right)}`];
}

/** `a + ' text'` has no other operator. */
function isText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
}

function isCall(expression: ts.Expression): boolean {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) return isCall(expression.expression);
  return ts.isCallExpression(expression) && expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 90)}…` : line;
}
