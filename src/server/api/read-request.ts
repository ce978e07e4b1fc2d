import type { z } from 'zod';
import { takenBy } from '../../settings/request-fields.ts';
import { ApiError } from './api-error.ts';
import { NOT_DONE } from './fields.ts';

/**
 * A request as its schema has it. A field that is null counts as left out, as OpenAI has it.
 *
 * @throws ApiError that names the field: one that is unknown or not supported is refused, never ignored
 */
export function readRequest<T extends z.ZodType>(schema: T, body: string): z.infer<T> {
  const checked = schema.safeParse(withoutNulls(parse(body)));
  if (checked.success) return checked.data;
  throw complaint(checked.error.issues[0]!);
}

function parse(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new ApiError(400, 'The body of the request is not JSON.', { code: 'invalid_json', cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ApiError(400, 'The body of the request must be one JSON object.', { code: 'invalid_json' });
}

function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function complaint(issue: z.core.$ZodIssue): ApiError {
  const [field] = issue.path;
  if (NOT_DONE.has(String(field))) return notSupported(String(field));
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return notSupported([...issue.path, issue.keys[0]].join('.'));
  const takes = takenBy(path, issue.code === 'too_big');
  const message = takes ? `${shown(path)} must be ${takes}.` : `${shown(path)} is not as it must be: ${reason(issue)}.`;
  return new ApiError(400, message, { param: path, code: 'invalid_value' });
}

function notSupported(param: string): ApiError {
  return new ApiError(400, `${shown(param)} is not supported by this gateway: leave it out.`, {
    param: param.slice(0, 100),
    code: 'unsupported_parameter',
  });
}

/** Of several forms that a field may have, the complaint of the one that came furthest says most. */
function reason(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message.replace(/\.$/, '');
  const deepest = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0];
  return deepest === undefined ? issue.message : reason(deepest);
}

function shown(param: string): string {
  return JSON.stringify(param.length > 100 ? `${param.slice(0, 100)}…` : param);
}
