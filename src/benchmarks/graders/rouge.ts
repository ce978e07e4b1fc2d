/** F-measures, 0 to 100. */
export interface Rouge {
  /** Single words. */
  readonly rouge1: number;
  /** Pairs of words. */
  readonly rouge2: number;
  /** Longest common subsequences, summed over the lines of the reference (`rougeLsum`). */
  readonly rougeL: number;
}

/**
 * ROUGE of one response against one reference, as lm-eval has the package `rouge_score` compute it: words of a–z and 0–9 in
 * lower case without stemming; ` . ` ends a line.
 *
 * Lin 2004.
 */
export function rouge(response: string, reference: string): Rouge {
  const [given, wanted] = [withLines(response), withLines(reference)];
  const [givenWords, wantedWords] = [wordsOf(given), wordsOf(wanted)];
  return {
    rouge1: passageMeasure(givenWords, wantedWords),
    rouge2: passageMeasure(pairsOf(givenWords), pairsOf(wantedWords)),
    rougeL: summaryMeasure(linesOf(given), linesOf(wanted)),
  };
}

function withLines(text: string): string {
  return text.replaceAll(' . ', '.\n');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, index) => `${words[index]!} ${word}`);
}

function linesOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map(wordsOf);
}

function passageMeasure(given: readonly string[], wanted: readonly string[]): number {
  const left = countsOf(wanted);
  const hits = given.filter((passage) => takeOne(left, passage)).length;
  return fMeasure(hits / Math.max(given.length, 1), hits / Math.max(wanted.length, 1));
}

/** Words of each reference line that are in a longest common subsequence with any line of the response, none counted twice. */
function summaryMeasure(given: readonly string[][], wanted: readonly string[][]): number {
  const [givenWords, wantedWords] = [given.flat(), wanted.flat()];
  if (givenWords.length === 0 || wantedWords.length === 0) return 0;
  const [givenLeft, wantedLeft] = [countsOf(givenWords), countsOf(wantedWords)];
  let hits = 0;
  for (const line of wanted) {
    const common = new Set(given.flatMap((other) => commonPlaces(line, other)));
    for (const place of [...common].sort((a, b) => a - b)) {
      const word = line[place]!;
      if ((givenLeft.get(word) ?? 0) > 0 && takeOne(wantedLeft, word) && takeOne(givenLeft, word)) hits++;
    }
  }
  return fMeasure(hits / givenWords.length, hits / wantedWords.length);
}

/** The places in `line` of one longest common subsequence with `other`; of several, the one that `rouge_score` reads out. */
function commonPlaces(line: readonly string[], other: readonly string[]): number[] {
  const lengths = commonLengths(line, other);
  const places: number[] = [];
  for (let [row, column] = [line.length, other.length]; row > 0 && column > 0;) {
    if (line[row - 1] === other[column - 1]) {
      places.push(row - 1);
      row--;
      column--;
    } else if (lengths[row]![column - 1]! > lengths[row - 1]![column]!) column--;
    else row--;
  }
  return places;
}

/** `[row][column]`: of the first `row` words of one and the first `column` of the other. */
function commonLengths(line: readonly string[], other: readonly string[]): number[][] {
  const lengths = [Array<number>(other.length + 1).fill(0)];
  for (const word of line) {
    const above = lengths.at(-1)!;
    const row = [0];
    for (const [column, candidate] of other.entries())
      row.push(word === candidate ? above[column]! + 1 : Math.max(above[column + 1]!, row[column]!));
    lengths.push(row);
  }
  return lengths;
}

function countsOf(passages: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const passage of passages) counts.set(passage, (counts.get(passage) ?? 0) + 1);
  return counts;
}

function takeOne(counts: Map<string, number>, passage: string): boolean {
  const left = counts.get(passage) ?? 0;
  if (left > 0) counts.set(passage, left - 1);
  return left > 0;
}

function fMeasure(precision: number, recall: number): number {
  const f = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return f * 100;
}
