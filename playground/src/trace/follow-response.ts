import type { ResponseEnd, ShownResponse, ShownToken } from './shown-response.ts';

/**
 * Shows a response while it comes: at most once for each frame of the screen, however many tokens came.
 *
 * @param show takes the response as it is
 */
export async function followResponse(
  tokens: AsyncGenerator<ShownToken, ResponseEnd, void>,
  show: (response: ShownResponse) => void,
  begun: readonly ShownToken[] = [],
): Promise<void> {
  const startMs = performance.now();
  const all: ShownToken[] = [...begun];
  let firstMs: number | undefined;
  let frame = 0;
  const now = (state: ShownResponse['state'], more: Partial<ShownResponse> = {}) => {
    cancelAnimationFrame(frame);
    frame = 0;
    show({ tokens: [...all], state, startMs, ...(firstMs !== undefined && { firstMs }), ...more });
  };
  now('waiting');
  try {
    for (;;) {
      const { done, value } = await tokens.next();
      if (done) return now('done', { endMs: performance.now(), end: value });
      firstMs ??= performance.now();
      all.push(value);
      frame ||= requestAnimationFrame(() => now('streaming'));
    }
  } catch (error) {
    const { name, message } = error as Error;
    const endMs = performance.now();
    now(name === 'AbortError' ? 'stopped' : 'failed', { endMs, ...(name !== 'AbortError' && { problem: message }) });
  }
}
