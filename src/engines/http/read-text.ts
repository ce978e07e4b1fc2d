import type { Response } from 'undici';

/**
 * The body of a reply as text, as far as the first `mostBytes`; what compresses well is counted as it is once it is
 * unpacked. Undefined where there is more and all of it is wanted; the connection is then closed.
 */
export async function readText(
  { body }: Response,
  { mostBytes, whole }: { readonly mostBytes: number; readonly whole: boolean },
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop cancels the body.
  for await (const piece of body ?? []) {
    const chunk = piece as Uint8Array;
    bytes += chunk.length;
    if (bytes > mostBytes && whole) return undefined;
    text += decoder.decode(chunk.subarray(0, chunk.length - Math.max(bytes - mostBytes, 0)), { stream: true });
    if (bytes >= mostBytes && !whole) return text;
  }
  return text + decoder.decode();
}
