import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { confinedNode } from './confined-node.ts';
import { findConfinement } from './confinement.ts';

const SELF = fileURLToPath(import.meta.url);

/** What would be left to a program that came out of WebAssembly. */
const TRIES: Readonly<Record<string, string>> = {
  'read a file': "fs.readFileSync('/etc/hostname')",
  'list a folder': "fs.readdirSync('/')",
  'write a file': "fs.writeFileSync('/tmp/way-out', '')",
  'write what it may read': `fs.appendFileSync(${JSON.stringify(SELF)}, '')`,
  'start a process': "if (child_process.spawnSync('true').status !== 0) throw 0",
  'load a library': "process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')",
  'read the environment': 'if (Object.keys(process.env).length === 0) throw 0',
  'make an inspector': 'inspector.open(0)',
};

test('the process around an interpreter can reach nothing', async () => {
  const script = Object.entries(TRIES).map(([what, code]) => `try { ${code}; console.log('could ${what}') } catch {}`);
  assert.equal(
    await run(`${script.join(';')}; console.log(fs.readFileSync(${JSON.stringify(SELF)}).length > 0)`),
    'true\n',
  );
});

test('it has no network where the system has namespaces', async (t) => {
  const { name } = await findConfinement();
  if (name === 'no namespaces') t.skip('this system gives a process no namespaces of its own');
  else assert.match(await run('console.log(Object.keys(os.networkInterfaces()))'), /^\[\]\n$/u);
});

async function run(code: string): Promise<string> {
  const [program = '', ...args] = await confinedNode([SELF], ['--eval', code]);
  const { stdout, stderr } = spawnSync(program, args, { env: {}, encoding: 'utf8' });
  return stdout + stderr;
}
