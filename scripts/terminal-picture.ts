import { at, escapeXml } from '../src/cli/output/index.ts';

/** A run of letters of one colour. */
interface Span {
  readonly text: string;
  readonly style: 'draft' | 'base' | 'mark' | 'soft';
}

const COLUMNS = 80;
const LETTER = 7.8;
const LINE = 20;
const MARGIN = 16;

/** Cyan is the draft's, yellow the mark's, as `wellbegun run` colours them; the page is light or dark as its reader is. */
const STYLE = `svg{color-scheme:light dark;--page:#fafafa;--ink:#1a1a1a;--soft:#5a5a5a;--draft:#00707f;--mark:#a85400}
@media(prefers-color-scheme:dark){svg{--page:#16181c;--ink:#eee;--soft:#b4b8bf;--draft:#4fd1dd;--mark:#ffcf4a}}
text{font:13px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.page{fill:var(--page);stroke:var(--soft)}.base{fill:var(--ink)}.draft{fill:var(--draft)}.mark{fill:var(--mark);font-weight:bold}.soft{fill:var(--soft)}`;

/**
 * An SVG of what a terminal of 80 columns shows.
 *
 * @param command as it was typed
 * @param output with the escape sequences of colours, and no others
 * @param status the line below the response
 * @throws Error for another escape sequence
 */
export function terminalPicture(command: string, output: string, status: string): string {
  const lines = [
    [{ text: `$ ${command}`, style: 'soft' } as const],
    ...linesOf(output),
    [],
    [{ text: status, style: 'soft' } as const],
  ];
  const [width, height] = [2 * MARGIN + Math.ceil(COLUMNS * LETTER), 2 * MARGIN + lines.length * LINE];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>${STYLE}</style>`,
    `<title>${escapeXml(`${command}, in a terminal`)}</title>`,
    `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...lines.flatMap((line, i) => drawnLine(line, MARGIN + 14 + i * LINE)),
    '</svg>\n',
  ].join('\n');
}

/** Each span at its own column, so that no font moves what follows. */
function drawnLine(line: readonly Span[], y: number): string[] {
  let column = 0;
  return line.map(({ text, style }) => {
    const [x, extent] = [at(MARGIN + column * LETTER), at(text.length * LETTER)];
    column += text.length;
    return `<text class="${style}" x="${x}" y="${y}" textLength="${extent}">${escapeXml(text)}</text>`;
  });
}

function linesOf(output: string): Span[][] {
  const lines: Span[][] = [[]];
  let style: Span['style'] = 'base';
  const text = output.replaceAll('\r\n', '\n').trimEnd();

  for (const part of text.split(/(\u001b\[[\d;]*m|\n)/u)) {
    if (part === '\n') lines.push([]);
    else if (part.startsWith('\u001b[')) style = styleOf(part);
    else add(lines, part, style);
  }
  return lines;
}

function styleOf(sequence: string): Span['style'] {
  if (sequence === '\u001b[36m') return 'draft';
  return sequence === '\u001b[33m' ? 'mark' : 'base';
}

/** A terminal goes on in the next line where one is full. */
function add(lines: Span[][], text: string, style: Span['style']): void {
  if (text.includes('\u001b')) throw new Error(`The output has more than colours: ${JSON.stringify(text)}`);
  for (let rest = text; rest !== '';) {
    const used = lines.at(-1)!.reduce((sum, span) => sum + span.text.length, 0);
    if (used === COLUMNS) lines.push([]);
    const line = lines.at(-1)!;
    const room = COLUMNS - (used % COLUMNS);
    const last = line.at(-1);
    const piece = rest.slice(0, room);
    if (last?.style === style) line[line.length - 1] = { text: last.text + piece, style };
    else line.push({ text: piece, style });
    rest = rest.slice(room);
  }
}
