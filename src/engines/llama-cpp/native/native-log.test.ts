import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import koffi from 'koffi';
import { makeTinyModels } from '../../../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { LOG_CALLBACK, NativeLog } from './native-log.ts';

const [INFO, WARN, ERROR, CONTINUE] = [2, 3, 4, 5];

/** What the sink gets of these native calls. */
function logged(calls: readonly (readonly [number, string])[]) {
  const log = new NativeLog();
  const lines: string[] = [];
  log.sink = (level, message) => lines.push(`${level}: ${message}`);
  for (const [level, text] of calls) koffi.call(log.callback, LOG_CALLBACK, level, text, null);
  return { log, lines };
}

suite('the native log', () => {
  test('is put together to lines', () => {
    const { lines } = logged([
      [INFO, 'one\ntwo'],
      [CONTINUE, ' goes'],
      [CONTINUE, ' on\n\n'],
      [WARN, '  three  \n'],
      [CONTINUE, 'four\n'],
      [99, 'five\n'],
      [INFO, 'never ended'],
    ]);
    assert.deepEqual(lines, ['info: one', 'info: two goes on', 'warn: three', 'warn: four', 'debug: five']);
  });

  test('keeps the last errors until they are taken', () => {
    const { log } = logged(Array.from({ length: 12 }, (_, i) => [i % 6 === 5 ? WARN : ERROR, `${i}\n`] as const));
    assert.deepEqual(log.takeErrors(), ['2', '3', '4', '6', '7', '8', '9', '10']);
    assert.deepEqual(log.takeErrors(), []);
  });

  test('never reaches the terminal, whether a model loads or not', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'wellbegun-log-'));
    try {
      const { attention } = await makeTinyModels(directory);
      const broken = join(directory, 'broken.gguf');
      await writeFile(broken, 'GGUF but not really');
      const program = new URL('../trial/model/load-once.ts', import.meta.url).pathname;
      for (const path of [attention, broken]) {
        const { status, stdout, stderr } = spawnSync(process.execPath, [program, path], { encoding: 'utf8' });
        // The program's own word before it loads.
        assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'loading\n', stderr: '' });
      }
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
