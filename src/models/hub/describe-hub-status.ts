import { describeStatus } from '../describe-status.ts';
import { SourceFailure } from '../source-failure.ts';
import type { HubLocation } from './hub-location.ts';

/** The hub tells the reason in `x-error-code`; for who has no access, what is private looks like what doesn't exist. */
export function describeHubStatus(
  reply: Response,
  { repository, revision, file }: HubLocation,
  page: string,
  hasToken: boolean,
): SourceFailure {
  const isMissing = reply.headers.get('x-error-code') === 'RepoNotFound';
  if (reply.status === 401 || reply.status === 403) {
    const what = isMissing ? "private or doesn't exist" : 'gated or private';
    const token = hasToken ? 'use a HF_TOKEN that has access (the present one has none)' : 'set HF_TOKEN';
    return new SourceFailure(`${repository} is ${what}: accept its terms on ${page} and ${token}`);
  }
  if (reply.status === 404) {
    return new SourceFailure(`the hub has no file ${file} in ${repository} at revision ${revision ?? 'main'}`);
  }
  return describeStatus(reply);
}
