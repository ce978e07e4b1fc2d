import { pullOverHttp, type HttpAccess } from '../pull-over-http.ts';
import type { PullTask } from '../pull-task.ts';
import type { ExpectedFile } from '../verify-file.ts';
import { describeHubStatus } from './describe-hub-status.ts';
import { hubEndpoint, hubFileUrl } from './hub-endpoint.ts';
import type { HubLocation } from './hub-location.ts';
import { hubToken } from './hub-token.ts';
import { inspectHubFile } from './inspect-hub-file.ts';

/**
 * Downloads from the hub, with the user's token where there is one.
 *
 * @throws SourceFailure when the hub can't give the file; DownloadError from the disk.
 */
export async function pullFromHub(location: HubLocation, task: PullTask): Promise<void> {
  const access = await openAccess(location, task.env);
  await pullOverHttp(access, await findExpected(access, task), task);
}

async function openAccess(location: HubLocation, env: NodeJS.ProcessEnv): Promise<Required<HttpAccess>> {
  const endpoint = hubEndpoint(env);
  const token = await hubToken(env);
  const page = `${endpoint}/${location.repository}`;
  return {
    url: hubFileUrl(endpoint, location),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    describeStatus: (reply) => describeHubStatus(reply, location, page, token !== undefined),
  };
}

async function findExpected(
  { url, ...options }: Required<HttpAccess>,
  { expected, signal }: PullTask,
): Promise<ExpectedFile> {
  return expected.sha256 === undefined ? await inspectHubFile(url, { ...options, signal }) : expected;
}
