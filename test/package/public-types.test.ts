import assert from 'node:assert/strict';
import { relative, resolve } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import manifest from '../../package.json' with { type: 'json' };
import { ROOT } from './support.ts';

/** The sources of the published entry points. */
const ENTRIES = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [resolve(ROOT, entry['wellbegun-source'])],
);

/** They are made by one exported function and handed to another: nobody reads their members. */
const OPAQUE = new Set(['Machine', 'GatewayParts']);

const isOurs = (file: ts.SourceFile): boolean => file.fileName.startsWith(resolve(ROOT, 'src'));

/** The declarations of the entry points' exports, and of the interfaces and types that these name. */
function unexportedTypes(): string[] {
  const { config } = ts.readConfigFile(resolve(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(ENTRIES, options);
  const checker = program.getTypeChecker();
  const original = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = new Set(
    ENTRIES.flatMap((entry) =>
      checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!).map(original),
    ),
  );
  const missing = new Set<string>();

  const named = (symbol: ts.Symbol, by: string): void => {
    const file = symbol.declarations?.[0]?.getSourceFile();
    const isType = symbol.flags & (ts.SymbolFlags.Type & ~ts.SymbolFlags.TypeParameter);
    if (!file || !isOurs(file) || !isType || exported.has(symbol)) return;
    missing.add(`${symbol.name} of ${relative(ROOT, file.fileName)}, which ${by} names`);
  };
  const visit = (node: ts.Node, by: string): void => {
    if (ts.isBlock(node) || isPrivate(node) || isComputed(node)) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
      const symbol = checker.getSymbolAtLocation(name);
      if (symbol) named(original(symbol), by);
    }
    // Only the types of a variable are public, not how its value is made.
    if (ts.isVariableDeclaration(node)) return node.type && visit(node.type, by);
    if (ts.isParameter(node)) return node.type && visit(node.type, by);
    ts.forEachChild(node, (child) => visit(child, by));
  };
  for (const symbol of exported) {
    if (OPAQUE.has(symbol.name)) continue;
    for (const declaration of symbol.declarations ?? []) {
      if (isOurs(declaration.getSourceFile())) visit(declaration, symbol.name);
    }
  }
  return [...missing].sort();
}

/** What computes a type from tables: a reader sees the type that results. */
function isComputed(node: ts.Node): boolean {
  return ts.isMappedTypeNode(node) || ts.isConditionalTypeNode(node) || ts.isIndexedAccessTypeNode(node);
}

function isPrivate(node: ts.Node): boolean {
  if (ts.isClassElement(node) && node.name && ts.isPrivateIdentifier(node.name)) return true;
  return (
    ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
  );
}

test('every type that a public signature names is exported', () => {
  assert.deepEqual(unexportedTypes(), []);
});
