import { settingName } from '../../../core/setting-name.ts';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../../core/errors.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { assertCriterion } from './assert-criterion.ts';
import { guardedCriterion } from './guarded-criterion.ts';

/**
 * A user's own criterion: the default export of a JavaScript or TypeScript module, or what it returns when it is a
 * function. The module is run, so its path must come from whoever runs the program, never from a request.
 *
 * @throws ConfigError when it can't be run, or exports something else; what it gives throws one where it fails later
 */
export async function loadCriterionModule(path: string): Promise<SwitchCriterion> {
  const exported = await runModule(path);
  let criterion: unknown = exported;
  if (typeof exported === 'function') {
    try {
      criterion = await (exported as () => unknown)();
    } catch (cause) {
      throw new ConfigError(
        'bad-criterion',
        `${settingName('criterionModule')}: ${path} failed (${reason(cause)}): mend it.`,
        {
          cause,
        },
      );
    }
  }
  assertCriterion(criterion, `The default export of ${path}`);
  return guardedCriterion(criterion, path);
}

async function runModule(path: string): Promise<unknown> {
  try {
    const { default: exported } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown };
    return exported;
  } catch (cause) {
    throw new ConfigError(
      'bad-criterion',
      `${settingName('criterionModule')}: ${path} can't be run (${reason(cause)}): mend it, or name another file.`,
      { cause },
    );
  }
}

function reason(cause: unknown): string {
  const { code, message } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : { code: '', message: String(cause) };
  // Node's own words name the file that imports it.
  return code === 'ERR_MODULE_NOT_FOUND' ? message.replace(/ imported from .*$/s, '') : message;
}
