/** No two prompts have a token in common, and no token of a response is said twice. */
export function textOfToken(prompt: string, index: number): string {
  return ` ${prompt}:${index}`;
}
