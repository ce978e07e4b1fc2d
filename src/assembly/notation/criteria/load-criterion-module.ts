import { settingName } from '../../../core/setting-name.ts';
import { ConfigError } from '../../../core/errors.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { errorReason, runModule } from '../run-module.ts';
import { assertCriterion } from './assert-criterion.ts';
import { guardedCriterion } from './guarded-criterion.ts';

const OPTION = settingName('criterionModule');

/**
 * A user's own criterion: the default export of a JavaScript or TypeScript module, or what it returns when it is a
 * function. The module is run, so its path must come from whoever runs the program, never from a request.
 *
 * @throws ConfigError when it can't be run, or exports something else; what it gives throws one where it fails later
 */
export async function loadCriterionModule(path: string): Promise<SwitchCriterion> {
  const criterion = await runModule(path, { option: OPTION, code: 'bad-criterion' });
  try {
    assertCriterion(criterion, `The default export of ${path}`);
    return guardedCriterion(criterion, path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError('bad-criterion', `${OPTION}: ${path} can't be read (${errorReason(cause)}): mend it.`, {
      cause,
    });
  }
}
