import { COUNT } from '../number-rules.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { monotone, monotoneWindow } from './monotone.ts';

/**
 * `inner`, with at least `count` tokens kept: the base takes over at the smallest i ≥ count − 1 (0-based) at which
 * `inner` accepts. `inner` sees all tokens, so its window may begin before.
 *
 * @throws ConfigError for a count out of range
 */
export function afterTokens(count: number, inner: SwitchCriterion): SwitchCriterion {
  checkParameter('after', 'n', count, COUNT);
  const criterion: SwitchCriterion = {
    ...inner,
    name: `after(n=${count}, ${inner.name})`,
    start() {
      const detector = inner.start();
      let seen = 0;
      return {
        push(token) {
          const { value, accept } = detector.push(token);
          seen++;
          return { value, accept: accept && seen >= count };
        },
      };
    },
  };
  return monotone(criterion, monotoneWindow(inner));
}
