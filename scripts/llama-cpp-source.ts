import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BINARY_VERSION } from '../src/engines/llama-cpp/index.ts';

const run = promisify(execFile);

/**
 * The source of the very llama.cpp whose prebuilt library wellbegun loads: npm's `node-llama-cpp` ships it as a git
 * bundle.
 *
 * @param work an empty folder
 * @returns the source's folder inside it
 * @throws Error where there is no npm, tar or git
 */
export async function fetchLlamaCppSource(work: string): Promise<string> {
  await run('npm', ['pack', `node-llama-cpp@${BINARY_VERSION}`, '--pack-destination', work], { cwd: work });
  await run('tar', ['xzf', `node-llama-cpp-${BINARY_VERSION}.tgz`, 'package/llama/gitRelease.bundle'], { cwd: work });
  await run('git', ['clone', '--quiet', 'package/llama/gitRelease.bundle', 'source'], { cwd: work });
  return join(work, 'source');
}
