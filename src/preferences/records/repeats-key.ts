const TOKEN = /"(?:[^"\\]|\\[^])*"|[[\]{}:]/g;

/**
 * Whether an object names a key twice, of which JSON.parse silently keeps the last.
 *
 * @param text of one JSON object
 * @param keys that JSON.parse found in it
 */
export function repeatsKey(text: string, keys: readonly string[]): boolean {
  const isSuspect = keys.some((key) => {
    const written = JSON.stringify(key);
    return text.indexOf(written) !== text.lastIndexOf(written);
  });
  return isSuspect && countKeys(text) > keys.length;
}

/** Of the object itself, not of those within. */
function countKeys(text: string): number {
  let depth = 0;
  let count = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) count++;
  }
  return count;
}
