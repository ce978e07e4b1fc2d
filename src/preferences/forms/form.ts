import type { z } from 'zod';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { Dimension } from '../preference-pair.ts';
import { type Fields, UnusableRecord } from '../records/data-record.ts';

/** A pair as a record of some form has it; what the record does not say is left out. */
export interface FoundPair {
  readonly prompt: readonly ChatMessage[];
  readonly chosen: string;
  readonly rejected: string;
  readonly dimension?: Dimension | undefined;
  readonly source?: string | undefined;
  readonly licence?: string | undefined;
  readonly origin?: string | undefined;
}

/** How a data set writes its pairs. */
export interface Form<Read = unknown> {
  readonly summary: string;
  /** What each record has; a record is known by it. */
  readonly schema: z.ZodType<Read>;
  /** Names of its fields, for messages. */
  readonly fields: readonly string[];
  /** Of the data set, where the form is that of one. */
  readonly source?: string;
  readonly licence?: string;
  /** In what its records can compare responses, the usual one first; unset: whatever the user says. */
  readonly dimensions?: readonly Dimension[];
  /** @throws UnusableRecord */
  pairsOf(record: Read, dimension: Dimension | undefined): readonly FoundPair[];
}

/** Keeps the type of a record between the schema and what reads it. */
export function defineForm<Read>(form: Form<Read>): Form {
  return form;
}

/** @throws UnusableRecord that names the field at fault, among those of the form */
export function readFields(form: Form, fields: Fields): unknown {
  const { success, data, error } = form.schema.safeParse(fields);
  if (success) return data;
  const name = fieldAtFault(error.issues[0]!);
  if (!form.fields.includes(name)) throw new UnusableRecord('it has not the fields of its form');
  throw new UnusableRecord(fields[name] == null ? `"${name}" is missing` : `"${name}" is of another kind`);
}

/** Of several ways to write a record, it is the first that counts. */
function fieldAtFault(issue: z.core.$ZodIssue): string {
  const within = issue.code === 'invalid_union' && issue.path.length === 0 ? issue.errors[0]?.[0] : undefined;
  return within ? fieldAtFault(within) : String(issue.path[0] ?? '');
}
