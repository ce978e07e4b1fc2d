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
  const exported = await runModule(path, OPTION, 'bad-strategy');
  let decoder: unknown = exported;
  if (typeof exported === 'function') {
    try {
      decoder = await (exported as () => unknown)();
    } catch (cause) {
      throw new ConfigError('bad-strategy', `${OPTION}: ${path} failed (${errorReason(cause)}): mend it.`, { cause });
    }
  }
  assertDecoder(decoder, `${OPTION}: the default export of ${path}`);
  return guardedDecoder(decoder, path);
}
