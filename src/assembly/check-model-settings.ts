import { checkSettings } from '../settings/check-settings.ts';
import { modelSettings } from '../settings/model.ts';
import type { ModelSettings } from './model-settings.ts';

/** @throws ConfigError for the first setting that there is not, or that is out of range */
export function checkModelSettings(settings: ModelSettings): void {
  checkSettings(modelSettings, settings, ['progress', 'signal']);
}
