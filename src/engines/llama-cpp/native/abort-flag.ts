import koffi from 'koffi';
import type { Pointer } from './llama-library.ts';

/**
 * Stops a running `llama_decode` without a JavaScript callback on a compute thread: llama.cpp asks a C function
 * `bool (*)(void *data)` between graph nodes, and libc's `strlen` on a text of our own answers true as soon as its
 * first byte is set. Works on the CPU backend; elsewhere a decode runs to its end.
 */
export class AbortFlag {
  readonly data = koffi.alloc('uint8_t', 2) as Pointer;
  readonly callback = strlenAddress();

  constructor() {
    this.clear();
  }

  raise(): void {
    koffi.encode(this.data, 'uint8_t', 1);
  }

  clear(): void {
    koffi.encode(this.data, koffi.array('uint8_t', 2), [0, 0]);
  }

  free(): void {
    koffi.free(this.data);
  }
}

function strlenAddress(): unknown {
  const names = { win32: 'msvcrt.dll', darwin: 'libSystem.dylib' } as const;
  const library = koffi.load(process.platform in names ? names[process.platform as keyof typeof names] : 'libc.so.6');
  return library.symbol('strlen');
}
