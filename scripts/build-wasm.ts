import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Compiles the WebAssembly kernel into a TypeScript file that is committed, so that neither users nor bundlers need the
// compiler. `--check` writes nothing and exits 1 if a fresh compile differs from what is committed.

const folder = 'src/engines/llama-cpp/log-softmax';
const root = join(import.meta.dirname, '..');
const output = join(root, folder, 'row-statistics.wasm.ts');

function compile(): Buffer {
  const scratch = mkdtempSync(join(tmpdir(), 'wellbegun-wasm-'));
  try {
    const binary = join(scratch, 'kernel.wasm');
    const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
    const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--outFile', binary];
    execFileSync(process.execPath, [compiler, `${folder}/assembly/row-statistics.ts`, ...options], {
      cwd: root,
      stdio: 'inherit',
    });
    return readFileSync(binary);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const source = `// Compiled from assembly/row-statistics.ts by scripts/build-wasm.ts: don't edit.
export const rowStatisticsWasm =
  '${compile().toString('base64')}';
`;

if (!process.argv.includes('--check')) {
  writeFileSync(output, source);
} else if (readFileSync(output, 'utf8') !== source) {
  console.error(`${folder}/row-statistics.wasm.ts is out of date: run "npm run build:wasm".`);
  process.exitCode = 1;
}
