import type { RunResult } from '../../../assembly/run-result.ts';
import { printable } from '../printable.ts';

/** A token, or a part of one, on a line of a picture. */
export interface LaidOutToken {
  /** Of the response, from 0. */
  readonly index: number;
  readonly source: RunResult['tokens'][number]['source'];
  readonly text: string;
  readonly line: number;
  /** In columns of a half-width letter, as are the widths. */
  readonly column: number;
  readonly width: number;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Breaks a response into lines: at the ends of its own lines, which are shown as ↵, and before a token that does not fit. */
export function layOutTokens(tokens: RunResult['tokens'], columns: number): LaidOutToken[] {
  const laid: LaidOutToken[] = [];
  let [line, column] = [0, 0];
  for (const [index, { text, source }] of tokens.entries()) {
    for (const piece of pieces(printable(text), columns)) {
      const width = widthOf(piece);
      if (column > 0 && column + width > columns) [line, column] = [line + 1, 0];
      laid.push({ index, source, text: piece, line, column, width });
      column += width;
      if (piece.endsWith('↵')) [line, column] = [line + 1, 0];
    }
  }
  return laid;
}

function pieces(text: string, columns: number): string[] {
  const lines = text.replaceAll('\t', '→').split('\n');
  const marked = lines.map((line, i) => (i < lines.length - 1 ? `${line}↵` : line));
  return marked.flatMap((line) => cut(line, columns)).filter((piece) => piece !== '');
}

/** A token that is longer than a line. */
function cut(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text];
  const parts = [''];
  for (const { segment } of letters.segment(text)) {
    if (widthOf(parts.at(-1)! + segment) > columns) parts.push('');
    parts.push(parts.pop()! + segment);
  }
  return parts;
}

function widthOf(text: string): number {
  return [...letters.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}
