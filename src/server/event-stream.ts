export interface EventStreamOptions {
  /** The data of each event, as text. */
  readonly messages: AsyncGenerator<string, void, void>;
  /** A comment line is sent after so long without an event, so that no proxy takes the stream for dead. */
  readonly keepAliveMs: number;
  /** A reader that takes nothing of what is there for so long has left, even if its connection stands. */
  readonly stallMs: number;
  /** Closes the connection of a reader that does not read, where there is one to close. */
  readonly disconnect?: (() => void) | undefined;
  /** Called when the reader left before the end. */
  readonly onCancel: (why: string) => void;
  /** Called at the end, whichever came. */
  readonly onEnd: () => void;
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), a message per pull. */
export function eventStream({
  messages,
  keepAliveMs,
  stallMs,
  disconnect,
  onCancel,
  onEnd,
}: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let comments: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  const clearTimers = () => {
    clearInterval(comments);
    clearTimeout(patience);
  };
  const end = () => {
    clearTimers();
    onEnd();
  };
  const leave = async (why: string) => {
    // Before the wait: a comment to a stream that is closed would throw, and end the process.
    clearTimers();
    onCancel(why);
    await messages.return().catch(() => undefined);
    end();
  };
  const giveUp = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const why = 'the client takes no more of its answer';
    if (disconnect) disconnect();
    else controller.error(new Error(why));
    void leave(why);
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const comment = encoder.encode(': keep-alive\n\n');
        // Only to a reader that has taken all there was.
        comments = setInterval(() => controller.desiredSize === 0 && controller.enqueue(comment), keepAliveMs);
      },
      async pull(controller) {
        clearTimeout(patience);
        try {
          const next = await messages.next();
          if (next.done) {
            end();
            controller.close();
            return;
          }
          comments?.refresh();
          controller.enqueue(encoder.encode(`data: ${next.value}\n\n`));
          patience = setTimeout(() => giveUp(controller), stallMs);
        } catch (error) {
          end();
          throw error;
        }
      },
      cancel: () => leave('the client left'),
    },
    { highWaterMark: 0 },
  );
}
