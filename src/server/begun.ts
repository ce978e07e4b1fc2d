/**
 * Waits for the first event, so that what is refused at the start has its own status and not a broken stream; but not
 * for longer than `patienceMs`, for a client wants to know that its request was taken.
 */
export async function begun<T>(
  events: AsyncGenerator<T, void, void>,
  patienceMs: number,
): Promise<AsyncGenerator<T, void, void>> {
  const first = events.next();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
  try {
    await Promise.race([first, patience]);
  } finally {
    clearTimeout(timer);
  }
  return resume(first, events);
}

async function* resume<T>(
  first: Promise<IteratorResult<T, void>>,
  events: AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  try {
    const { done, value } = await first;
    if (done) return;
    yield value;
    yield* events;
  } finally {
    await events.return();
  }
}
