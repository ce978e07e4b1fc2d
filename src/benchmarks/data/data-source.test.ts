import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { closedOrigin, serve, temporaryFolder } from '../../../test/fixtures/serve-file.ts';
import type { DataFile } from './data-file.ts';
import { DataSource } from './data-source.ts';

const TEXT = '{"a": 1}\n{"a": 2}\n';
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function dataFile(fields: Partial<DataFile> = {}): DataFile {
  return {
    name: 'items.jsonl',
    url: 'http://127.0.0.1:9/x',
    sha256: sha256(TEXT),
    sizeBytes: TEXT.length,
    licence: 'MIT',
    ...fields,
  };
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

test('a file is taken from the folder, plain or packed', async (context) => {
  const folder = await temporaryFolder(context);
  const source = new DataSource({ folder, cache: join(folder, 'cache') });
  assert.equal(await source.has(dataFile()), false);
  await write(join(folder, 'items.jsonl.gz'), gzipSync(TEXT));
  assert.deepEqual(await source.readLines(dataFile()), [{ a: 1 }, { a: 2 }]);
  await write(join(folder, 'items.jsonl'), TEXT);
  assert.equal(await source.readText(dataFile()), TEXT);
  assert.equal(await source.has(dataFile()), true);
});

test('a published file that is packed has the hash of the packed bytes', async (context) => {
  const folder = await temporaryFolder(context);
  const packed = gzipSync(TEXT);
  await write(join(folder, 'items.jsonl.gz'), packed);
  const file = dataFile({ name: 'items.jsonl.gz', sha256: sha256(packed), sizeBytes: packed.length });
  assert.equal(await new DataSource({ folder }).readText(file), TEXT);
});

test('another file of the name is refused by its name, in the folder and in the cache', async (context) => {
  const folder = await temporaryFolder(context);
  await write(join(folder, 'items.jsonl'), `${TEXT}{"a": 3}\n`);
  await write(join(folder, 'packed/items.jsonl.gz'), gzipSync(TEXT).subarray(0, 15));
  const cache = join(folder, 'cache');
  await assert.rejects(
    new DataSource({ folder, cache }).read(dataFile()),
    /items\.jsonl is not the published items\.jsonl .*SHA-256/,
  );
  assert.equal(await new DataSource({ folder, cache }).has(dataFile()), false);
  await assert.rejects(
    new DataSource({ folder: join(folder, 'packed'), cache }).read(dataFile()),
    /not a whole gzip file/,
  );
  await write(join(cache, 'benchmarks/items.jsonl'), TEXT.replace('2', '3'));
  await assert.rejects(new DataSource({ cache }).read(dataFile()), /items\.jsonl is not the items\.jsonl/);
});

test('what is not here is fetched once, verified, and kept', async (context) => {
  const cache = await temporaryFolder(context);
  let requests = 0;
  const url = await serve(context, (_, response) => {
    requests++;
    response.end(TEXT);
  });
  const source = new DataSource({ cache });
  assert.equal(await source.readText(dataFile({ url })), TEXT);
  assert.equal(await source.readText(dataFile({ url })), TEXT);
  assert.equal(requests, 1);
  const other = dataFile({ url, name: 'other.jsonl', sha256: sha256('other'), sizeBytes: undefined });
  await assert.rejects(source.read(other), /Could not download other\.jsonl .*SHA-256/);
  await assert.rejects(access(join(cache, 'benchmarks/other.jsonl')));
});

test('without network the way out is named', async (context) => {
  const cache = await temporaryFolder(context);
  const url = `${await closedOrigin()}/x`;
  await assert.rejects(
    new DataSource({ cache, folder: join(cache, 'empty') }).read(dataFile({ url })),
    /Could not download items\.jsonl \(127.*put the file at .*items\.jsonl by hand, or name a folder that has it with --data-dir \(.*empty does not\)\./,
  );
});
