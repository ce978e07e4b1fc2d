import { basename, dirname } from 'node:path';
import { closestName } from '../../core/closest-name.ts';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import type { ImportSettings } from '../../settings/data.ts';
import { FORM_NAMES, FORMS, type FormName } from '../forms/forms.ts';
import { type Dimension, DIMENSIONS } from '../preference-pair.ts';

/** What holds for all records of a file that don't say it themselves. */
export interface FileSettings {
  readonly dimension: Dimension | undefined;
  readonly source: string;
  readonly licence: string | undefined;
}

/** Asked of the user, the name of the file, and the form, in this order. @throws ConfigError for a dimension that the form has not */
export function fileSettings(path: string, formName: FormName, given: ImportSettings): FileSettings {
  const form = FORMS[formName];
  const { dimensions } = form;
  if (given.dimension && dimensions && !dimensions.includes(given.dimension)) {
    throw new ConfigError(
      'bad-dimension',
      `${settingName('dimension')} can't be ${given.dimension} for ${path}: the form ${formName} compares responses by ${dimensions.join(' or ')} only.`,
    );
  }
  const named = dimensionIn(path);
  const byName = named && (dimensions ?? DIMENSIONS).includes(named) ? named : undefined;
  return {
    dimension: given.dimension ?? byName ?? dimensions?.[0],
    source: given.source ?? form.source ?? basename(path).replace(/\..*$/, ''),
    licence: given.licence ?? form.licence,
  };
}

/** @throws ConfigError that names the nearest one */
export function findForm(name: string): FormName {
  const found = FORM_NAMES.find((one) => one === name);
  if (found) return found;
  const closest = closestName(name, FORM_NAMES);
  const hint = closest === undefined ? '' : ` (did you mean ${closest}?)`;
  throw new ConfigError(
    'bad-form',
    `${settingName('form')} can't be ${name}${hint}: name one of ${FORM_NAMES.join(', ')}.`,
  );
}

/** HH-RLHF has a folder for each: `harmless-base/train.jsonl.gz`. */
function dimensionIn(path: string): Dimension | undefined {
  const name = `${basename(dirname(path))}/${basename(path)}`.toLowerCase();
  const found = DIMENSIONS.filter((dimension) => name.includes(dimension));
  return found.length === 1 ? found[0] : undefined;
}
