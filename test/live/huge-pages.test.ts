import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadModels, loadPair } from '../../src/index.ts';

const OFFER = '/sys/kernel/mm/transparent_hugepage/enabled';
const offered = existsSync(OFFER) && !readFileSync(OFFER, 'utf8').includes('[never]');

/** In MiB. */
function inHugePages(): number {
  const [, kibibytes] = /AnonHugePages:\s+(\d+) kB/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

/** In MiB: what the system could not give as huge pages since it started, as its free memory was too scattered. */
function refused(): number {
  const [, count = 0] = /^thp_fault_fallback (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8')) ?? [];
  return 2 * Number(count);
}

test(
  'the weights of both models lie in huge pages, and are gone after closing',
  { skip: !offered && 'the system offers none' },
  async () => {
    const before = inHugePages();
    const refusedBefore = refused();
    const pair = await loadPair();
    // 241 and 94 MiB of weights.
    const [got, lacking] = [inHugePages() - before, refused() - refusedBefore];
    assert.ok(got + lacking > 150, `${got} MiB, and ${lacking} were refused`);
    await pair.close();
    assert.ok(inHugePages() - before < 50);
  },
);

test(
  'the weights for a single answer stay in their files',
  { skip: !offered && 'the system offers none' },
  async () => {
    const before = inHugePages();
    const models = await loadModels({}, ['base', 'draft'], { briefly: true });
    assert.ok(inHugePages() - before < 50);
    await models.close();
  },
);
