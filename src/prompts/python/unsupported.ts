import type { JinjaValue } from '../jinja-runtime.ts';
import { callable } from './values.ts';

/** A function that Jinja2 has and this has not: calling it says so. */
export function unsupported(name: string): JinjaValue {
  return callable(() => {
    throw new Error(`it calls ${name}, which is not supported`);
  });
}
