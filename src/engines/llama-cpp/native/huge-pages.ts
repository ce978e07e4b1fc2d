import { readFileSync, statSync } from 'node:fs';
import koffi from 'koffi';
import { anonymousRegions, type MemoryRegion, newParts } from './memory-regions.ts';
import type { ModelParams } from './structs.ts';

/** LLAMA_LOAD_MODE_NONE: weights are read into memory of the process instead of mapped from the file. */
const READ_INTO_MEMORY = 0;
/** MADV_HUGEPAGE of Linux. */
const ADVISE_HUGE_PAGES = 14;
/** Smaller memory is not that of weights. */
const SMALLEST = 16n * 2n ** 20n;
/** Of what is free: a larger model stays mapped, so that the system may drop its pages. */
const LARGEST_SHARE = 0.5;

/** Of models that are being read now. */
let bytesToCome = 0;

const PROGRESS = koffi.proto('bool llama_progress_callback(float progress, void *user_data)');

/**
 * Has the weights of one model in huge pages of 2 MiB, on Linux: each token reads all of them, and in pages of 4 KiB the
 * processor loses a tenth of the time to looking their places up (docs/decisions/0008). Such pages are for memory only, not
 * for a mapped file, and must be asked for before the memory is first written: llama.cpp reports progress between taking
 * the memory and reading the first tensor into it.
 */
export class HugePages {
  readonly params: Pick<ModelParams, 'load_mode' | 'progress_callback'>;
  readonly #callback = koffi.register(() => this.#advise(), koffi.pointer(PROGRESS));
  readonly #before: readonly MemoryRegion[];
  readonly #bytes: number;
  #advised = false;

  /** Undefined where they are not to be had, or the model is too large to be kept in memory twice for a while. */
  static forModel(path: string): HugePages | undefined {
    if (process.platform !== 'linux') return undefined;
    try {
      const { size } = statSync(path);
      const isSmall = bytesToCome + size <= LARGEST_SHARE * process.availableMemory();
      return isSmall && hugePagesAreOffered() ? new HugePages(size) : undefined;
    } catch {
      // Without /proc and /sys, as in some sandboxes, the model loads as it does elsewhere.
      return undefined;
    }
  }

  private constructor(bytes: number) {
    this.#bytes = bytes;
    this.params = { load_mode: READ_INTO_MEMORY, progress_callback: this.#callback };
    this.#before = ownRegions();
    bytesToCome += bytes;
  }

  /** After loading. */
  close(): void {
    koffi.unregister(this.#callback);
    bytesToCome -= this.#bytes;
  }

  /** @returns true: the loading goes on */
  #advise(): boolean {
    if (this.#advised) return true;
    this.#advised = true;
    const { madvise } = libc();
    // Refused, the pages stay small and all else is the same.
    for (const { start, end } of newParts(ownRegions(), this.#before)) {
      if (end - start >= SMALLEST) madvise(start, end - start, ADVISE_HUGE_PAGES);
    }
    return true;
  }
}

function ownRegions(): MemoryRegion[] {
  return anonymousRegions(readFileSync('/proc/self/maps', 'latin1'));
}

/** "always", "madvise" or "never" is in brackets. */
function hugePagesAreOffered(): boolean {
  return !readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'latin1').includes('[never]');
}

type Madvise = (address: bigint, length: bigint, advice: number) => number;
let opened: { readonly madvise: Madvise } | undefined;

function libc(): { readonly madvise: Madvise } {
  opened ??= {
    madvise: koffi.load(null).func('int madvise(void *address, size_t length, int advice)') as unknown as Madvise,
  };
  return opened;
}
