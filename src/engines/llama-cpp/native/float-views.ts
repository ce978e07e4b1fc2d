import koffi from 'koffi';
import type { Pointer } from './pointer.ts';

/** Kept views: far more than the places that one owner reads again and again. */
const MOST_VIEWS = 4096;

/** Views of floats in native memory that stays where it is: they are kept, the longest that was asked for of each place. */
export class FloatViews {
  readonly #views = new Map<Pointer, Float32Array>();

  at(address: Pointer, floats: number): Float32Array {
    const known = this.#views.get(address);
    if (known?.length === floats) return known;
    if (known && known.length > floats) return known.subarray(0, floats);
    if (this.#views.size > MOST_VIEWS) this.#views.clear();
    const view = new Float32Array(koffi.view(address, 4 * floats));
    this.#views.set(address, view);
    return view;
  }
}
