import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNpyColumn } from './read-npy.ts';

/** What numpy 2.3.5 saves of the 32-bit floats [[-0.5], [-2.25], [-inf]]. */
const COLUMN =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAC/AAAQwAAAgP8=';
/** … of [[-0.5, -1], [-2.25, -1]]. */
const TWO_COLUMNS =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAC/AACAvwAAEMAAAIC/';
/** … of [[-0.5]] in 64 bits. */
const DOUBLE =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADgvw==';

const read = (base64: string, rows: number) => readNpyColumn(Buffer.from(base64, 'base64'), rows);

test('reads a column of 32-bit floats', () => {
  assert.deepEqual([...read(COLUMN, 3)!], [-0.5, -2.25, -Infinity]);
});

test('reads nothing else', () => {
  assert.equal(read(COLUMN, 2), undefined);
  assert.equal(read(TWO_COLUMNS, 2), undefined);
  assert.equal(read(DOUBLE, 1), undefined);
  assert.equal(readNpyColumn(Buffer.from(COLUMN, 'base64').subarray(0, -1), 3), undefined);
  for (const other of ['', 'not numpy at all', COLUMN.slice(0, 20)]) assert.equal(read(other, 3), undefined);
});
