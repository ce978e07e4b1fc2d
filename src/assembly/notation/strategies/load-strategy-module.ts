import { settingName } from '../../../core/setting-name.ts';
import { ConfigError } from '../../../core/errors.ts';
import type { Decoder } from '../../../core/kit/decoder.ts';
import { errorReason, runModule } from '../run-module.ts';
import { assertDecoder } from './assert-decoder.ts';
import { guardedDecoder } from './guarded-decoder.ts';

const OPTION = settingName('strategyModule');

/**
 * A user's own decoder: the default export of a JavaScript or TypeScript module, or what it returns when it is a
 * function. The module is run, so its path must come from whoever runs the program, never from a request.
 *
 * @throws ConfigError when it can't be run, or exports something else; what it gives throws one where it fails later
 */
export async function loadStrategyModule(path: string): Promise<Decoder> {
  const decoder = await runModule(path, { option: OPTION, code: 'bad-strategy' });
  try {
    assertDecoder(decoder, `${OPTION}: the default export of ${path}`);
    return guardedDecoder(decoder, path);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError('bad-strategy', `${OPTION}: ${path} can't be read (${errorReason(cause)}): mend it.`, {
      cause,
    });
  }
}
