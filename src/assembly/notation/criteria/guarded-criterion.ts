import { settingName } from '../../../core/setting-name.ts';
import { inspect } from 'node:util';
import { ConfigError } from '../../../core/errors.ts';
import { monotone, monotoneWindow } from '../../../core/criteria/monotone.ts';
import { errorReason } from '../run-module.ts';
import type { DraftedToken, SwitchCriterion, SwitchDetector, Verdict } from '../../../core/switch-criterion.ts';

const VERDICT = '{value: a number or undefined, accept: true or false}';

/**
 * A criterion of a user's module: what fails in it, or what it gives in place of a verdict, is a fault of that module.
 *
 * @param path of the module, for messages
 */
export function guardedCriterion(criterion: SwitchCriterion, path: string): SwitchCriterion {
  const { name, needsStatistics, needsDraftLogprobs } = criterion;
  const guarded: SwitchCriterion = {
    name,
    needsStatistics,
    ...(needsDraftLogprobs !== undefined && { needsDraftLogprobs }),
    start() {
      const detector: unknown = attempt(`start of ${path}`, () => criterion.start());
      if (!isDetector(detector)) throw wrong(`start of ${path} must return an object with a function push`);
      return { push: (token) => pushed(detector, token, `push of ${path}`) };
    },
  };
  return monotone(guarded, monotoneWindow(criterion));
}

function pushed(detector: SwitchDetector, token: DraftedToken, source: string): Verdict {
  const verdict: unknown = attempt(source, () => detector.push(token));
  if (!isVerdict(verdict)) throw wrong(`${source} must return ${VERDICT}, not ${inWords(verdict)}`);
  return verdict;
}

function attempt<T>(source: string, work: () => T): T {
  try {
    const result = work();
    // It is refused, and must not end the process besides where it fails later.
    if (result instanceof Promise) result.catch(() => undefined);
    return result;
  } catch (cause) {
    throw wrong(`${source} failed (${errorReason(cause)})`, { cause });
  }
}

function isDetector(value: unknown): value is SwitchDetector {
  return isObject(value) && typeof value['push'] === 'function';
}

function isVerdict(value: unknown): value is Verdict {
  return (
    isObject(value) && typeof value['accept'] === 'boolean' && ['number', 'undefined'].includes(typeof value['value'])
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function inWords(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  const text = inspect(value, { depth: 0, breakLength: Infinity });
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function wrong(fault: string, options?: ErrorOptions): ConfigError {
  return new ConfigError('bad-criterion', `${settingName('criterionModule')}: the ${fault}: mend it.`, options);
}
