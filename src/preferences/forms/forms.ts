import { ConfigError } from '../../core/errors.ts';
import { type Fields, UnusableRecord } from '../records/data-record.ts';
import { type Form, readFields } from './form.ts';
import { hhRlhf } from './hh-rlhf.ts';
import { generalign, generic, llamaFactory } from './named-fields.ts';
import { pairs } from './pairs.ts';
import { pkuSafeRlhf } from './pku-saferlhf.ts';
import { truthfulQa } from './truthfulqa.ts';
import { ultrafeedback } from './ultrafeedback.ts';
import { ultrafeedbackBinarized } from './ultrafeedback-binarized.ts';

export const FORM_NAMES = [
  ...(['pairs', 'hh-rlhf', 'pku-saferlhf', 'ultrafeedback-binarized', 'ultrafeedback', 'truthfulqa'] as const),
  ...(['llama-factory', 'generic', 'generalign'] as const),
] as const;

export type FormName = (typeof FORM_NAMES)[number];

/** In the order in which a record is compared with them. */
export const FORMS: Readonly<Record<FormName, Form>> = {
  pairs,
  'hh-rlhf': hhRlhf,
  'pku-saferlhf': pkuSafeRlhf,
  'ultrafeedback-binarized': ultrafeedbackBinarized,
  ultrafeedback,
  truthfulqa: truthfulQa,
  'llama-factory': llamaFactory,
  generic,
  generalign,
};

/** The form of a record; undefined: it has none of them. */
export function formOf(fields: Fields): FormName | undefined {
  return FORM_NAMES.find((name) => FORMS[name].schema.safeParse(fields).success);
}

/** What to say of a file whose records have no known form: the line, the field and the nearest form. */
export function unknownForm(path: string, line: number, fields: Fields): ConfigError {
  const byFields = FORM_NAMES.toReversed().toSorted((a, b) => shared(FORMS[b], fields) - shared(FORMS[a], fields));
  const nearest = byFields.filter((name) => name !== 'generalign')[0]!;
  const names = Object.keys(fields).slice(0, 8).join(', ').slice(0, 100) || 'none';
  return new ConfigError(
    'unknown-form',
    `${path}, line ${line}: the fields (${names}) are of no known form; the nearest is ${nearest}, in which ${faultOf(FORMS[nearest], fields)}: rename the fields, or see docs/data.md for the forms.`,
  );
}

/** How many of a form's fields a record has. */
function shared({ fields: names }: Form, fields: Fields): number {
  return names.filter((name) => fields[name] != null).length;
}

function faultOf(form: Form, fields: Fields): string {
  try {
    readFields(form, fields);
  } catch (error) {
    if (error instanceof UnusableRecord) return error.reason;
    throw error;
  }
  return 'nothing is at fault';
}
