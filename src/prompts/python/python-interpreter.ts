import { Environment, Interpreter, type JinjaEnvironment, type JinjaNode, type JinjaValue } from '../jinja-runtime.ts';
import { applyFilter } from './filters.ts';
import { memberOf } from './member-of.ts';
import { operate } from './operate.ts';
import { print } from './print.ts';
import { TESTS } from './test-value.ts';
import { unsupported } from './unsupported.ts';
import {
  boolean,
  type Call,
  callable,
  integer,
  isMissing,
  isTrue,
  isTuple,
  isView,
  itemsOf,
  mapping,
  missing,
  text,
  tuple,
  view,
} from './values.ts';

interface Named extends JinjaNode {
  readonly value: string;
}

interface Binary extends JinjaNode {
  readonly operator: { readonly value: string };
  readonly left: JinjaNode;
  readonly right: JinjaNode;
}

interface Loop extends JinjaNode {
  readonly loopvar: JinjaNode & { readonly value: unknown };
  readonly iterable: JinjaNode & { readonly lhs: JinjaNode; readonly test: JinjaNode };
  readonly body: readonly JinjaNode[];
  readonly defaultBlock: readonly JinjaNode[];
}

interface Member extends JinjaNode {
  readonly object: JinjaNode;
  readonly property: Named;
  readonly computed: boolean;
}

interface Test extends JinjaNode {
  readonly operand: JinjaNode;
  readonly negate: boolean;
  readonly test: Named;
}

interface Filter extends JinjaNode {
  readonly value?: string;
  readonly callee?: Named;
  readonly args?: readonly JinjaNode[];
}

interface CallNode extends JinjaNode {
  readonly callee: JinjaNode & { readonly value?: string; readonly property?: Named };
}

interface Macro extends JinjaNode {
  readonly name: Named;
  readonly args: readonly JinjaNode[];
  readonly body: readonly JinjaNode[];
}

/** Statements that write nothing themselves. */
const SILENT: ReadonlySet<string> = new Set(['Set', 'Macro', 'Comment']);

/** `break` or `continue` on its way to the loop, with what was written before it. */
class Jump extends Error {
  readonly kind: string;
  readonly written: string;

  constructor(kind: string, written: string) {
    super(`it has a ${kind.toLowerCase()} outside of a loop`);
    this.kind = kind;
    this.written = written;
  }
}

/**
 * The library's interpreter with Python's values: it prints, compares, reckons, loops and scopes as Jinja2 does in the
 * environment of transformers, or refuses by name.
 */
export class PythonInterpreter extends Interpreter {
  evaluateBlock(statements: readonly JinjaNode[], environment: JinjaEnvironment): JinjaValue {
    let written = '';
    for (const statement of statements) {
      if (statement.type === 'Break' || statement.type === 'Continue') throw new Jump(statement.type, written);
      try {
        const value = this.evaluate(statement, environment);
        if (!SILENT.has(statement.type)) written += print(value);
      } catch (error) {
        throw error instanceof Jump ? new Jump(error.kind, written + error.written) : error;
      }
    }
    return text(written);
  }

  evaluateBinaryExpression({ operator, left, right }: Binary, environment: JinjaEnvironment): JinjaValue {
    const value = this.evaluate(left, environment);
    if (operator.value === 'and' || operator.value === 'or')
      return isTrue(value) === (operator.value === 'or') ? value : this.evaluate(right, environment);
    return operate(operator.value, value, this.evaluate(right, environment));
  }

  applyFilter(value: JinjaValue, filter: Filter, environment: JinjaEnvironment): JinjaValue {
    const name = filter.callee?.value ?? filter.value ?? filter.type;
    return applyFilter(name, value, this.evaluateArguments(filter.args ?? [], environment));
  }

  evaluateTestExpression({ operand, negate, test }: Test, environment: JinjaEnvironment): JinjaValue {
    const known = Object.hasOwn(TESTS, test.value) ? TESTS[test.value] : undefined;
    if (!known) throw new Error(`it uses the test ${test.value}, which is not supported`);
    return boolean(known(this.evaluate(operand, environment)) !== negate);
  }

  evaluateMemberExpression({ object, property, computed }: Member, environment: JinjaEnvironment): JinjaValue {
    const whole = this.evaluate(object, environment);
    if (isMissing(whole)) throw new Error('it asks for a part of what is not defined');
    if (property.type === 'SliceExpression') return this.#slice(whole, property, environment);
    const isNamed = !computed && property.type === 'Identifier';
    return memberOf(whole, isNamed ? text(property.value) : this.evaluate(property, environment), computed);
  }

  #slice(whole: JinjaValue, slice: JinjaNode, environment: JinjaEnvironment): JinjaValue {
    const sliced = this.evaluateSliceExpression(whole, slice, environment);
    if (isView(whole)) return view(itemsOf(sliced));
    return isTuple(whole) ? tuple(itemsOf(sliced)) : sliced;
  }

  /** Each turn has a scope of its own. */
  evaluateFor({ loopvar, iterable, body, defaultBlock }: Loop, environment: JinjaEnvironment): JinjaValue {
    const { lhs, test } = iterable.type === 'SelectExpression' ? iterable : { lhs: iterable };
    const scopeOf = (item: JinjaValue) => bind(loopvar, item, new Environment(environment));
    const all = itemsOf(this.evaluate(lhs, environment));
    const items = test ? all.filter((item) => isTrue(this.evaluate(test, scopeOf(item)))) : all;
    let written = '';
    let isWhole = false;
    for (const [i, item] of items.entries()) {
      const scope = scopeOf(item);
      scope.setVariable('loop', loopState(items, i));
      const turn = this.#turn(body, scope);
      written += turn.written;
      isWhole ||= turn.kind === undefined;
      if (turn.kind === 'Break') break;
    }
    // As Jinja2 has it: also where no turn came to its end.
    return isWhole
      ? text(written)
      : text(written + print(this.evaluateBlock(defaultBlock, new Environment(environment))));
  }

  override evaluateCallExpression(node: CallNode, environment: JinjaEnvironment): JinjaValue {
    try {
      return super.evaluateCallExpression(node, environment);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('Cannot call')) throw error;
      const name = node.callee.property?.value ?? node.callee.value ?? 'what is no function';
      throw new Error(`it calls ${name}, which is not supported`, { cause: error });
    }
  }

  #turn(body: readonly JinjaNode[], scope: JinjaEnvironment): { readonly written: string; readonly kind?: string } {
    try {
      return { written: print(this.evaluateBlock(body, scope)) };
    } catch (error) {
      if (error instanceof Jump) return error;
      throw error;
    }
  }

  /** A macro sees what is around its definition, not what is around its call. */
  override evaluateMacro(node: Macro, environment: JinjaEnvironment): JinjaValue {
    const done = super.evaluateMacro(node, environment);
    const call = environment.lookupVariable(node.name.value).value as Call;
    const lexical = callable((args, scope) => {
      const around = new Environment(environment);
      const caller = scope.lookupVariable('caller');
      if (!isMissing(caller)) around.setVariable('caller', caller);
      return call(args, around);
    });
    environment.setVariable(node.name.value, lexical);
    return done;
  }
}

function bind({ type, value }: Loop['loopvar'], item: JinjaValue, scope: JinjaEnvironment): JinjaEnvironment {
  if (type === 'Identifier') {
    scope.setVariable(value as string, item);
    return scope;
  }
  const [names, parts] = [value as readonly Loop['loopvar'][], itemsOf(item)];
  if (names.length !== parts.length) throw new Error(`it unpacks ${parts.length} items into ${names.length} names`);
  for (const [i, name] of names.entries()) bind(name, parts[i]!, scope);
  return scope;
}

function loopState(items: readonly JinjaValue[], at: number): JinjaValue {
  return mapping(
    new Map([
      ['index', integer(at + 1)],
      ['index0', integer(at)],
      ['revindex', integer(items.length - at)],
      ['revindex0', integer(items.length - at - 1)],
      ['first', boolean(at === 0)],
      ['last', boolean(at === items.length - 1)],
      ['length', integer(items.length)],
      ['depth', integer(1)],
      ['depth0', integer(0)],
      ['previtem', items[at - 1] ?? missing()],
      ['nextitem', items[at + 1] ?? missing()],
      ['cycle', callable((values) => values[at % values.length] ?? missing())],
      ['changed', unsupported('loop.changed')],
    ]),
  );
}
