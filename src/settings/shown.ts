/** A value in a message to people. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'number' ? String(value) : ((JSON.stringify(value) as string | undefined) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
