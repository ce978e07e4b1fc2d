import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const CODE = /^[a-z]+(-[a-z]+)+$/;
/** What makes an error of a code: a class of errors, or a function that throws one. */
const MAKER = /(Error|Fault|Failure)$|^(fail|failure|unfit|refuse|wrong|damaged|refused|problem|invalid)$|\.fail$/;
const ENGINES: ReadonlySet<string> = new Set(['llama-server', 'llama-cpp']);

/** The codes of all errors that the sources make. */
export function errorCodes(root: string): ReadonlySet<string> {
  const codes = new Set<string>();
  const visit = (node: ts.Node): void => {
    const code = codeOf(node);
    if (code !== undefined) codes.add(code);
    ts.forEachChild(node, visit);
  };
  for (const path of globSync(`${root}/src/**/*.ts`)) {
    if (/\.test\.ts$|\/conformance\/|\/scripted\//.test(path)) continue;
    visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  }
  return codes;
}

function codeOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'code')
    return asCode(node.initializer);
  if (!(ts.isNewExpression(node) || ts.isCallExpression(node)) || !MAKER.test(nameOf(node.expression)))
    return undefined;
  return node.arguments?.map(asCode).find((code) => code !== undefined);
}

function asCode(node: ts.Node): string | undefined {
  return ts.isStringLiteralLike(node) && CODE.test(node.text) && !ENGINES.has(node.text) ? node.text : undefined;
}

function nameOf(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? `.${node.name.text}` : '';
}
