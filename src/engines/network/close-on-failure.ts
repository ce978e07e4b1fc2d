/** Runs `work`; should it fail, closes what it would have kept. */
export async function closeOnFailure<T>(part: { close(): Promise<void> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await part.close();
    throw error;
  }
}
