import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadPair } from '../../src/index.ts';

const OFFER = '/sys/kernel/mm/transparent_hugepage/enabled';
const offered = existsSync(OFFER) && !readFileSync(OFFER, 'utf8').includes('[never]');

/** In MiB. */
function inHugePages(): number {
  const [, kibibytes] = /AnonHugePages:\s+(\d+) kB/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

test(
  'the weights of both models lie in huge pages, and are gone after closing',
  { skip: !offered && 'the system offers none' },
  async () => {
    const before = inHugePages();
    const pair = await loadPair();
    // 241 and 94 MiB of weights; memory may be too scattered for some.
    assert.ok(inHugePages() - before > 150);
    await pair.close();
    assert.ok(inHugePages() - before < 50);
  },
);
