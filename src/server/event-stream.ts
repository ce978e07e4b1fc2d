export interface EventStreamOptions {
  /** The data of each event, as text. */
  readonly messages: AsyncGenerator<string, void, void>;
  /** A comment line is sent after so long without an event, so that no proxy takes the stream for dead. */
  readonly keepAliveMs: number;
  /** Called once, when the reader left before the end. */
  readonly onCancel: () => void;
  /** Called once, at the end, whichever came. */
  readonly onEnd: () => void;
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), a message per pull. */
export function eventStream({
  messages,
  keepAliveMs,
  onCancel,
  onEnd,
}: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearInterval(timer);
    onEnd();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        timer = setInterval(() => controller.enqueue(encoder.encode(': keep-alive\n\n')), keepAliveMs);
      },
      async pull(controller) {
        try {
          const next = await messages.next();
          if (next.done) {
            end();
            controller.close();
            return;
          }
          timer?.refresh();
          controller.enqueue(encoder.encode(`data: ${next.value}\n\n`));
        } catch (error) {
          end();
          throw error;
        }
      },
      async cancel() {
        // Before the wait: a comment to a stream that is closed would throw, and end the process.
        clearInterval(timer);
        onCancel();
        await messages.return().catch(() => undefined);
        end();
      },
    },
    { highWaterMark: 0 },
  );
}
