/** Settings of strategies that have a switch. */
export const SETTINGS_OF_SWITCH = [
  'gamma',
  'window',
  'criterion',
  'criterionModule',
  'maxDraft',
  'onNoSwitch',
] as const;
