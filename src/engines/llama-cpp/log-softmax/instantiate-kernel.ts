import { rowStatisticsWasm } from './row-statistics.wasm.ts';

/** What `assembly/row-statistics.ts` exports. Addresses are in bytes. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly rowOffset: WebAssembly.Global;
  readonly blockBytes: WebAssembly.Global;
  readonly weightedSum: WebAssembly.Global;
  maximum(end: number): number;
  argmax(end: number): number;
  countGreater(end: number, logit: number): number;
  sumExponentials(end: number, maximum: number): number;
}

let module: WebAssembly.Module | undefined;

/** A kernel with a memory of its own; the module is compiled once a process. */
export function instantiateKernel(): Kernel {
  module ??= new WebAssembly.Module(Buffer.from(rowStatisticsWasm, 'base64'));
  return new WebAssembly.Instance(module).exports as Kernel;
}
