/** Told when work ends. */
interface Watch {
  end?(end: { readonly wasStopped: boolean }): void;
}

/** Does the work, and tells whoever watches whether it came to its end. */
export async function watched<T>(watch: Watch | undefined, work: () => Promise<T>): Promise<T> {
  let wasStopped = true;
  try {
    const outcome = await work();
    wasStopped = false;
    return outcome;
  } finally {
    watch?.end?.({ wasStopped });
  }
}
