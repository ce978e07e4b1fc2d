/** The part of WebAssembly that is used: neither lib.es nor @types/node declares it. */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, (...values: never[]) => number>>;
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  const Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): { readonly module: string; readonly name: string }[];
  };
  const Instance: new (module: Module, imports?: Imports) => { readonly exports: unknown };
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  interface Global {
    readonly value: number;
  }
}
