/** How much a set of responses repeats itself, from word to word and from response to response. */
export interface Diversity {
  /** Different words of all words, 0 to 1. */
  readonly distinct1: number | undefined;
  /** Different pairs of neighbouring words of all such pairs, 0 to 1 (Li et al. 2016). */
  readonly distinct2: number | undefined;
  /** Responses that another one has word for word, of all: 1 where all items get one answer. */
  readonly sameResponse: number | undefined;
}

/** Words lie between white space. Undefined where there is nothing to count. */
export function diversityOf(responses: readonly string[]): Diversity {
  const texts = responses.map((response) =>
    response
      .trim()
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
  return {
    distinct1: distinctShare(texts.flat()),
    distinct2: distinctShare(texts.flatMap((words) => words.slice(1).map((word, index) => `${words[index]!} ${word}`))),
    sameResponse: repeatedShareOf(texts.map((words) => words.join(' '))),
  };
}

function distinctShare(passages: readonly string[]): number | undefined {
  return passages.length === 0 ? undefined : new Set(passages).size / passages.length;
}

function repeatedShareOf(texts: readonly string[]): number | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.length === 0 ? undefined : texts.filter((text) => counts.get(text)! > 1).length / texts.length;
}
