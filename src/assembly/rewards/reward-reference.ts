import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import { parseServerAddress, type ServerAddress } from '../../engines/http/server-address.ts';

/** Which options may stand behind the `#` of each kind. */
const OPTIONS = {
  embedded: ['head', 'label', 'template'],
  vllm: ['model'],
  sglang: ['model', 'template'],
  judge: ['model', 'rubric'],
} as const;

export type RewardKind = keyof typeof OPTIONS;
export type RewardOption = 'head' | 'label' | 'template' | 'model' | 'rubric';

/** What a user may write where a reward model is named. */
export interface RewardReference {
  readonly kind: RewardKind;
  /** A model as elsewhere, or a server's address. */
  readonly target: string;
  readonly options: Readonly<Partial<Record<RewardOption, string>>>;
}

/**
 * Reads `MODEL`, `vllm:URL`, `sglang:URL` or `judge:URL`, with `#name=value&name=value` behind it, or, behind a URL,
 * the model's name alone. A value is percent-decoded.
 *
 * @param setting where a user wrote it, for sentences
 * @throws ConfigError for an option that this kind has not
 */
export function parseRewardReference(value: string, setting: 'reward' | 'judge' = 'reward'): RewardReference {
  const [, scheme = '', rest = value] = /^(vllm|sglang|judge):(.*)$/s.exec(value) ?? [];
  const kind = scheme === '' ? 'embedded' : (scheme as RewardKind);
  const [target, fragment] = splitFragment(rest, kind);
  if (target === '') {
    throw new ConfigError(
      'bad-reward',
      `${settingName(setting)} ${value} names no model: write a model, or a server as in vllm:URL.`,
    );
  }
  return { kind, target, options: readOptions(fragment, kind, settingName(setting)) };
}

/** Where the server of a reward model is; undefined for one in this process. @throws ConfigError */
export function rewardServer({ kind, target }: RewardReference): ServerAddress | undefined {
  return kind === 'embedded' ? undefined : parseServerAddress(target, `${settingName('reward')} ${kind}:`);
}

/** A file's name may hold a `#`, so only what looks like options is cut off a model. */
function splitFragment(text: string, kind: RewardKind): [string, string] {
  const [, target = text, fragment = ''] =
    (kind === 'embedded' ? /^(.*)#(\w+=.*)$/s : /^([^#]*)#(.*)$/s).exec(text) ?? [];
  return [target, fragment];
}

function readOptions(fragment: string, kind: RewardKind, option: string): RewardReference['options'] {
  if (fragment === '') return {};
  if (kind !== 'embedded' && !fragment.includes('=')) return { model: decode(fragment) };
  return Object.fromEntries(fragment.split('&').map((part) => readOption(part, kind, option)));
}

function readOption(part: string, kind: RewardKind, option: string): [RewardOption, string] {
  const [name = '', ...value] = part.split('=');
  const allowed: readonly string[] = OPTIONS[kind];
  if (allowed.includes(name) && value.join('=') !== '') return [name as RewardOption, decode(value.join('='))];
  const known = allowed.map((each) => `${each}=`).join(', ');
  throw new ConfigError(
    'bad-reward',
    `${option} can't take ${JSON.stringify(part)} behind its #: give one of ${known}.`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new ConfigError(
      'bad-reward',
      `${settingName('reward')}: ${JSON.stringify(text)} is not well written: write % as %25.`,
      {
        cause,
      },
    );
  }
}
