import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { seededRandom } from '../../core/seeded-random.ts';
import { KeyTable } from './key-table.ts';
import { MinHash, rowsOfBand, SIGNATURE_LENGTH } from './min-hash.ts';
import { NearDuplicates, similarityOf } from './near-duplicates.ts';
import { eachGram } from './word-grams.ts';
import { mixed, wordHashes } from './word-hashes.ts';

const SET_SIZE = 200;

/** Two sets of `SET_SIZE` hashes of which `shared` are the same. */
function setsWith(shared: number, random: () => number): [number[], number[]] {
  const hash = () => mixed(random() * 2 ** 32);
  const both = Array.from({ length: shared }, hash);
  const rest = () => Array.from({ length: SET_SIZE - shared }, hash);
  return [
    [...both, ...rest()],
    [...both, ...rest()],
  ];
}

suite('near duplicates', () => {
  test('signatures estimate the similarity of sets', () => {
    const random = seededRandom(3);
    const minHash = new MinHash();
    for (const shared of [0, 50, 100, 150, 180]) {
      let equal = 0;
      const tries = 60;
      for (let attempt = 0; attempt < tries; attempt++) {
        const [first, second] = setsWith(shared, random).map((set) => minHash.signatureOf(set)) as [
          Int32Array,
          Int32Array,
        ];
        equal += first.filter((value, place) => value === second[place]).length;
      }
      const similarity = shared / (2 * SET_SIZE - shared);
      const estimate = equal / (tries * SIGNATURE_LENGTH);
      // Four standard errors of a share of so many places.
      assert.ok(
        Math.abs(estimate - similarity) < 4 * Math.sqrt(0.25 / (tries * SIGNATURE_LENGTH)),
        `${shared}: ${estimate}`,
      );
    }
  });

  test('of pairs just above the similarity nearly all are found, and none below', async () => {
    const random = seededRandom(4);
    const sets: number[][] = [];
    for (let attempt = 0; attempt < 150; attempt++) sets.push(...setsWith(180, random), ...setsWith(170, random));
    // 180 of 220 are 0.818, 170 of 230 are 0.739.
    const near = new NearDuplicates(0.8);
    for (const set of sets) near.add(set);
    const found: number[] = [];
    const read = (index: number) => Promise.resolve(new Set(sets[index]));
    for await (const { index, like, similarity } of near.find(read, () => true)) {
      assert.equal(index, like + 1);
      assert.ok(similarity >= 0.8);
      found.push(index % 4);
    }
    assert.deepEqual([...new Set(found)], [1]);
    assert.ok(found.length >= 0.96 * 150, `${found.length} of 150`);
  });

  test('bands have as many places as still find 98%', () => {
    assert.deepEqual([0.95, 0.9, 0.8, 0.7, 0.5, 0.01].map(rowsOfBand), [12, 8, 6, 4, 3, 2]);
  });

  test('similarity is the shared part of both sets', () => {
    assert.equal(similarityOf(new Set([1, 2, 3]), new Set([2, 3, 4])), 0.5);
  });

  test('words are the same in any case and between any signs; runs of them are told apart by their order', () => {
    assert.deepEqual(wordHashes('The CAT, (sat)…'), wordHashes('the cat sat'));
    assert.deepEqual(wordHashes('Größe'), wordHashes('GRÖSSE'.replace('SS', 'ß')));
    assert.equal(wordHashes('don’t').length, 2);
    const grams = (text: string) => {
      const keys: string[] = [];
      eachGram(wordHashes(text), 3, (high, low) => keys.push(`${high} ${low}`));
      return keys;
    };
    assert.deepEqual(grams('x a b c y')[1], grams('a b c')[0]);
    assert.notDeepEqual(grams('a c b'), grams('a b c'));
    assert.deepEqual(grams('a b'), []);
  });

  test('keys keep their numbers while the table grows', () => {
    const table = new KeyTable();
    const keys = Array.from({ length: 50_000 }, (_, index) => [mixed(index), index % 7] as const);
    assert.deepEqual(
      keys.map((key) => table.add(...key)),
      keys.map((_, index) => index),
    );
    assert.deepEqual(
      keys.map((key) => table.add(...key)),
      keys.map((_, index) => index),
    );
    assert.deepEqual([table.size, table.find(1, 2), table.find(...keys[777]!)], [50_000, -1, 777]);
  });
});
