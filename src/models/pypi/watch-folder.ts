import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Tells, twice a second, the bytes of the largest file below `folder`; pip copies, so a sum would count twice. Returns how to stop. */
export function watchFolder(folder: string, onBytes: (bytes: number) => void): () => void {
  let isOver = false;
  const timer = setInterval(() => {
    largestFile(folder).then(
      (bytes) => {
        if (!isOver) onBytes(bytes);
      },
      () => undefined,
    );
  }, 500);
  timer.unref();
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

async function largestFile(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...sizes);
}
