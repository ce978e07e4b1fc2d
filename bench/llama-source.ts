import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BINARY_VERSION } from '../src/engines/llama-cpp/native/library-location.ts';

const run = promisify(execFile);

/** llama.cpp's source in the very version of the library that wellbegun loads, as node-llama-cpp ships it. */
export async function fetchLlamaSource(work: string): Promise<string> {
  await run('npm', ['pack', `node-llama-cpp@${BINARY_VERSION}`, '--pack-destination', work], { cwd: work });
  await run('tar', ['xzf', `node-llama-cpp-${BINARY_VERSION}.tgz`, 'package/llama/gitRelease.bundle'], { cwd: work });
  await run('git', ['clone', '--quiet', 'package/llama/gitRelease.bundle', 'source'], { cwd: work });
  return join(work, 'source');
}
