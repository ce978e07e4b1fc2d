import { settingName } from '../core/setting-name.ts';
import { ConfigError } from '../core/errors.ts';
import { catalogue } from '../models/catalogue.ts';
import { parseModelReference } from '../models/model-reference.ts';
import type { ModelRole } from './model-role.ts';
import type { ModelSettings } from './model-settings.ts';
import { findSource, type ModelName, nameModel, type ModelSource } from './model-source.ts';
import { parseRewardReference } from './rewards/reward-reference.ts';

/** Models that write or score. */
type Role = 'base' | 'draft' | 'aligner';

/** What a strategy's models are called. */
export interface NamedModels {
  readonly models: Readonly<Partial<Record<Role, ModelName>>>;
  readonly reward: string | undefined;
  readonly judge: string | undefined;
}

/**
 * @throws ConfigError for a model without a default that was not named, and for a name that is none
 */
export function nameModels(settings: ModelSettings, needed: readonly ModelRole[]): NamedModels {
  const { base = catalogue.defaultPair.base, draft = catalogue.defaultPair.draft } = settings;
  const reward = needed.includes('reward') ? named(settings, 'reward', 'a reward model') : undefined;
  const aligner = needed.includes('aligner') ? named(settings, 'aligner', 'an aligner') : undefined;
  const judge = needed.includes('judge') ? named(settings, 'judge', 'a judge') : undefined;
  const models = {
    ...(needed.includes('base') && { base: nameModel(base, 'base') }),
    ...(needed.includes('draft') && { draft: nameModel(draft, 'draft') }),
    ...(aligner !== undefined && { aligner: nameModel(aligner, 'aligner') }),
  };
  if (reward !== undefined) assertRewardName(reward, 'reward');
  if (judge !== undefined) assertRewardName(judge, 'judge');
  return { models, reward, judge };
}

function named(settings: ModelSettings, role: 'reward' | 'aligner' | 'judge', words: string): string {
  const reference = settings[role];
  if (reference !== undefined) return reference;
  throw new ConfigError(`no-${role}`, `This strategy needs ${words}: name one with ${settingName(role)} MODEL.`);
}

function assertRewardName(reference: string, role: 'reward' | 'judge'): void {
  const { kind, target } = parseRewardReference(reference, role);
  if (kind === 'embedded') parseModelReference(target, settingName(role));
}

/**
 * Files that a user has are looked at before others are pulled.
 *
 * @throws ModelFileError, DownloadError
 */
export async function findSources(
  names: NamedModels['models'],
  settings: ModelSettings,
): Promise<Partial<Record<Role, ModelSource>>> {
  const sources: Partial<Record<Role, ModelSource>> = {};
  const isLocal = ([, name]: [string, ModelName]) => !name.server && name.parsed.kind === 'local';
  const [own, others] = [Object.entries(names).filter(isLocal), Object.entries(names).filter((name) => !isLocal(name))];
  for (const [role, name] of [...own, ...others]) sources[role as Role] = await findSource(name, settings);
  return sources;
}
