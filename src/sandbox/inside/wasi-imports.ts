import { Ended } from './ended.ts';

/** What the interpreter can reach: there is nothing else outside its own memory. */
export interface Host {
  /** Arguments of the interpreter, its name first. */
  readonly args: readonly string[];
  /** The interpreter's memory, once it is there. */
  memory(): WebAssembly.Memory;
  /** Bytes for standard input, at most `maxBytes` of them; it waits until there are some. */
  read(maxBytes: number): Uint8Array;
  /** Bytes that were written to standard error. */
  write(bytes: Uint8Array): void;
  /** Bytes that were written to standard output. */
  print(bytes: Uint8Array): void;
}

type Import = (...values: never[]) => number;

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const NOT_THERE = 52;
const NO_SEEKING = 70;
const CHARACTER_DEVICE = 2;
const STANDARD_INPUT = 0;
const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
const CLOCK_EVENT = 0;
const ABSOLUTE_TIME = 1;

/**
 * The system interface of a WebAssembly interpreter (WASI preview 1): the three standard streams, clocks, random numbers
 * and its end. Files, the environment, sockets and all else are not there, whatever the module asks for.
 */
export function wasiImports(module: WebAssembly.Module, host: Host): WebAssembly.Imports {
  const given: Readonly<Record<string, Import>> = {
    ...strings(host),
    ...descriptors(host),
    ...time(host),
    ...rest(host),
  };
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = given[name] ?? (() => NOT_THERE);
  }
  return imports;
}

function strings(host: Host): Record<string, Import> {
  const args = host.args.map((text) => Buffer.from(`${text}\0`));
  const sizes = (list: readonly Buffer[]) => (count: number, bytes: number) => {
    view(host).setUint32(count, list.length, true);
    view(host).setUint32(bytes, Buffer.concat(list).length, true);
    return SUCCESS;
  };
  return {
    args_sizes_get: sizes(args),
    environ_sizes_get: sizes([]),
    environ_get: () => SUCCESS,
    args_get: (pointers: number, bytes: number) => {
      for (const [index, text] of args.entries()) {
        view(host).setUint32(pointers + 4 * index, bytes, true);
        new Uint8Array(host.memory().buffer).set(text, bytes);
        bytes += text.length;
      }
      return SUCCESS;
    },
  };
}

function descriptors(host: Host): Record<string, Import> {
  const isOpen = (fd: number) => fd >= STANDARD_INPUT && fd <= STANDARD_ERROR;
  return {
    fd_prestat_get: () => BAD_DESCRIPTOR,
    fd_seek: () => NO_SEEKING,
    fd_tell: () => NO_SEEKING,
    fd_close: (fd: number) => (isOpen(fd) ? SUCCESS : BAD_DESCRIPTOR),
    fd_fdstat_get: (fd: number, out: number) => {
      if (!isOpen(fd)) return BAD_DESCRIPTOR;
      view(host).setUint32(out, CHARACTER_DEVICE, true);
      view(host).setBigUint64(out + 8, ALL_RIGHTS, true);
      view(host).setBigUint64(out + 16, 0n, true);
      return SUCCESS;
    },
    fd_filestat_get: (fd: number, out: number) => {
      if (!isOpen(fd)) return BAD_DESCRIPTOR;
      new Uint8Array(host.memory().buffer, out >>> 0, 64).fill(0);
      view(host).setUint8(out + 16, CHARACTER_DEVICE);
      return SUCCESS;
    },
    fd_write: (fd: number, vectors: number, count: number, written: number) => {
      if (fd !== STANDARD_OUTPUT && fd !== STANDARD_ERROR) return BAD_DESCRIPTOR;
      const bytes = Buffer.concat(slices(host, vectors, count));
      if (fd === STANDARD_OUTPUT) host.print(bytes);
      else host.write(bytes);
      view(host).setUint32(written, bytes.length, true);
      return SUCCESS;
    },
    fd_read: (fd: number, vectors: number, count: number, read: number) => {
      if (fd !== STANDARD_INPUT) return BAD_DESCRIPTOR;
      const [target = new Uint8Array()] = slices(host, vectors, count);
      const bytes = host.read(target.length);
      target.set(bytes);
      view(host).setUint32(read, bytes.length, true);
      return SUCCESS;
    },
  };
}

function time(host: Host): Record<string, Import> {
  return {
    clock_res_get: (_clock: number, out: number) => {
      view(host).setBigUint64(out, 1000n, true);
      return SUCCESS;
    },
    clock_time_get: (clock: number, _precision: bigint, out: number) => {
      view(host).setBigUint64(out, BigInt(Math.round(nowMs(clock) * 1e6)), true);
      return SUCCESS;
    },
    poll_oneoff: (subscription: number, event: number, count: number, events: number) => {
      if (count !== 1 || view(host).getUint8(subscription + 8) !== CLOCK_EVENT) return NOT_THERE;
      sleep(host, subscription);
      view(host).setBigUint64(event, view(host).getBigUint64(subscription, true), true);
      view(host).setBigUint64(event + 8, 0n, true);
      view(host).setUint32(events, 1, true);
      return SUCCESS;
    },
  };
}

function rest(host: Host): Record<string, Import> {
  return {
    sched_yield: () => SUCCESS,
    random_get: (out: number, length: number) => {
      const bytes = new Uint8Array(host.memory().buffer, out >>> 0, length >>> 0);
      for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
      return SUCCESS;
    },
    proc_exit: (status: number) => {
      throw new Ended(`the program ended the interpreter (exit status ${status})`);
    },
  };
}

/** Clock 0 is the time of day, the others run since the start. */
function nowMs(clock: number): number {
  return clock === 0 ? Date.now() : performance.now();
}

/** A subscription to a clock: its id at 16, the time in nanoseconds at 24, whether that is absolute at 40. */
function sleep(host: Host, subscription: number): void {
  const timeMs = Number(view(host).getBigUint64(subscription + 24, true)) / 1e6;
  const isAbsolute = (view(host).getUint16(subscription + 40, true) & ABSOLUTE_TIME) !== 0;
  const clock = view(host).getUint32(subscription + 16, true);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, isAbsolute ? timeMs - nowMs(clock) : timeMs);
}

/** The memory moves when it grows: it is looked up anew each time. */
function view(host: Host): DataView {
  return new DataView(host.memory().buffer);
}

/** The pieces of memory that `count` pairs of a pointer and a length name. */
function slices(host: Host, vectors: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const start = view(host).getUint32(vectors + 8 * index, true);
    const length = view(host).getUint32(vectors + 8 * index + 4, true);
    return new Uint8Array(host.memory().buffer, start, length);
  });
}
