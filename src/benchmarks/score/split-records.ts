export interface RecordText {
  /** Of its beginning, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The records of JSON lines, or of a JSON array over any number of lines; none of them is parsed yet. */
export function splitRecords(source: string): RecordText[] {
  return /^\s*\[/.test(source) ? splitArray(source) : splitLines(source);
}

function splitLines(source: string): RecordText[] {
  const lines = source.split('\n').map((text, index) => ({ line: index + 1, text: text.trim() }));
  return lines.filter(({ text }) => text !== '');
}

/**
 * Only strings and brackets are looked at, which is enough to find the commas of the array itself. What comes after its end is a
 * record too, which won't parse. An empty one stands where a value is missing, and at the end of an array that is cut off.
 */
function splitArray(source: string): RecordText[] {
  const records: RecordText[] = [];
  let line = 1;
  const take = (from: number, to: number, isNeeded: boolean) => {
    const text = source.slice(from, to);
    const before = text.length - text.trimStart().length;
    const startLine = line + countLines(text.slice(0, before));
    line += countLines(text);
    if (isNeeded || text.trim() !== '') records.push({ line: startLine, text: text.trim() });
  };
  const open = source.indexOf('[') + 1;
  line += countLines(source.slice(0, open));
  let from = open;
  let depth = 1;
  for (const token of source.slice(open).matchAll(/"(?:[^"\\]|\\[^])*"|[[\]{},]/g)) {
    const place = open + token.index;
    if (token[0] === '[' || token[0] === '{') depth++;
    if (token[0] === ']' || token[0] === '}') depth--;
    if (depth > 1 || (depth === 1 && token[0] !== ',')) continue;
    take(from, place, token[0] === ',' || records.length > 0);
    from = place + 1;
    if (depth === 0) break;
  }
  take(from, source.length, false);
  if (depth > 0) records.push({ line, text: '' });
  return records;
}

function countLines(text: string): number {
  let count = 0;
  for (let place = text.indexOf('\n'); place >= 0; place = text.indexOf('\n', place + 1)) count++;
  return count;
}
