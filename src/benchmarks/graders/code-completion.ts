const FENCE = /^[ \t]*```[^\n]*$/m;

/**
 * What continues the source of a HumanEval problem, of an answer as models give it. The code in fences is taken, of several blocks the first
 * that defines the function; code that goes on until a closing fence ends there; without fences it is taken as it is.
 */
export function codeCompletion(answer: string, entryPoint: string): string {
  const parts = answer.split(FENCE);
  if (parts.length === 1) return answer;
  const definition = new RegExp(`^\\s*(?:async )?def ${entryPoint}\\b`, 'm');
  const blocks = parts.filter((_, index) => index % 2 === 1).map((block) => block.replace(/^\n/, ''));
  // A base that was given an open fence writes the code first and then closes it.
  const isOpen = /^(?:[ \t]+\S|def )/.test(parts[0]!.replace(/^\n+/, ''));
  if (isOpen) return parts[0]!;
  return blocks.find((block) => definition.test(block)) ?? blocks[0]!;
}
