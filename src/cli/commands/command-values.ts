import type { DecodeOptions } from '../../assembly/decode-options.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import { pairSettings } from '../../settings/model.ts';
import { flagOf, keyOf } from '../../settings/names.ts';
import type { Options, SettingTable } from '../../settings/setting.ts';
import type { Written } from '../../settings/written.ts';
import { loadProgress } from '../output/load-progress.ts';
import type { Terminal } from '../output/terminal.ts';
import { readTextFile } from '../read-input.ts';

type Values = Readonly<Record<string, unknown>>;

/** What commander makes of `modelOptions` and `decodingOptions`. */
export interface CommandValues
  extends
    Written<typeof pairSettings>,
    Omit<Written<typeof decodingSettings>, 'gamma' | 'window'>,
    Pick<DecodeOptions, 'gamma' | 'window'> {
  readonly base: string;
  readonly draft: string;
}

/** How models are loaded. The files of templates are read. */
export async function modelSettings(
  values: Omit<CommandValues, 'criterion' | 'strategy'>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ModelSettings> {
  return { ...(await toOptions(pairSettings, { ...values })), progress: loadProgress(terminal), signal };
}

/** How a response is decoded. The file of examples is read. */
export async function decodeOptions(values: CommandValues): Promise<DecodeOptions> {
  return await toOptions(decodingSettings, { ...values });
}

/** A table's settings as the library takes them, of what a person gave. */
export async function toOptions<T extends SettingTable>(table: T, values: Values): Promise<Options<T>> {
  const options: Record<string, unknown> = {};
  for (const [name, { form, written, file, notFiles = [], personOnly, group }] of Object.entries(table)) {
    const value = values[keyOf(name)];
    if (value === undefined || personOnly || group === undefined) continue;
    if (form === 'switch') options[name] = value === 'on';
    else if (written) options[name] = written.scale * Number(value);
    else if (file === 'content' && typeof value === 'string' && !notFiles.includes(value)) {
      options[name] = await readTextFile(value, flagOf(name));
      if (Object.hasOwn(table, `${name}File`)) options[`${name}File`] = value;
    } else options[name] = value;
  }
  return options as Options<T>;
}
