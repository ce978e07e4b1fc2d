import type { Calibration, CalibrationRow } from '../../studies/calibrate/calibrate.ts';
import { at, escapeXml, gridLines, roundTicks, type Scale, scale } from './svg-parts.ts';

const PANEL = { width: 300, height: 210, left: 46, right: 12, top: 34, bottom: 34 };
const COLUMNS = 3;

interface Point {
  readonly x: number;
  readonly row: CalibrationRow;
}

/** An SVG picture: for each family of criteria, kept tokens over the value that varies; the band is the quartiles. */
export function calibrationPlot({ rows, prompts }: Calibration): string {
  const families = [...Map.groupBy(rows, ({ family }) => family?.form ?? '')].filter(([form]) => form !== '');
  const most = Math.max(1, ...rows.map(({ keptTokens }) => keptTokens.upperQuartile));
  const panels = families.map(([form, members], i) => {
    const points = members.map((row) => ({ x: row.family!.value, row })).toSorted((a, b) => a.x - b.x);
    const place = `translate(${(i % COLUMNS) * PANEL.width} ${28 + Math.floor(i / COLUMNS) * PANEL.height})`;
    return `<g transform="${place}">${panel(form, points, most)}</g>`;
  });
  const width = PANEL.width * Math.min(COLUMNS, Math.max(1, families.length));
  const height = 28 + PANEL.height * Math.ceil(families.length / COLUMNS);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="8" y="18" font-size="13">Kept draft tokens: median and quartiles over ${prompts} prompts</text>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panel(form: string, points: readonly Point[], most: number): string {
  const values = points.map(({ x }) => x);
  const x = scale([Math.min(...values), Math.max(...values)], [PANEL.left, PANEL.width - PANEL.right]);
  const y = scale([0, most], [PANEL.height - PANEL.bottom, PANEL.top]);
  const middle = points.map((point) => `${at(x(point.x))},${at(y(point.row.keptTokens.median))}`);
  return [
    `<text x="8" y="${PANEL.top - 12}" font-weight="bold">${escapeXml(form)}</text>`,
    axes(points, x, y, most),
    `<polygon points="${band(points, x, y)}" fill="#4477aa" opacity="0.25"/>`,
    `<polyline points="${middle.join(' ')}" fill="none" stroke="#4477aa" stroke-width="2"/>`,
    ...middle.map((place, i) => dot(place, points[i]!.row)),
  ].join('\n');
}

function band(points: readonly Point[], x: Scale, y: Scale): string {
  const upper = points.map((point) => `${at(x(point.x))},${at(y(point.row.keptTokens.upperQuartile))}`);
  const lower = points.map((point) => `${at(x(point.x))},${at(y(point.row.keptTokens.lowerQuartile))}`);
  return [...upper, ...lower.toReversed()].join(' ');
}

function dot(place: string, { criterion, draftedShare, timeRatio }: CalibrationRow): string {
  const [cx, cy] = place.split(',');
  const title = `${criterion}: share ${draftedShare.toFixed(2)}, time ${timeRatio.toFixed(2)}`;
  return `<circle cx="${cx!}" cy="${cy!}" r="3" fill="#4477aa"><title>${escapeXml(title)}</title></circle>`;
}

function axes(points: readonly Point[], x: Scale, y: Scale, most: number): string {
  const [left, right, bottom] = [PANEL.left, PANEL.width - PANEL.right, PANEL.height - PANEL.bottom];
  // The labels of the two ends stay within the panel.
  const ends = points.length > 1 ? [points[0]!, points.at(-1)!] : points;
  const anchors = points.length > 1 ? ['start', 'end'] : ['middle'];
  const along = ends.map(
    (point, i) => `<text x="${at(x(point.x))}" y="${bottom + 15}" text-anchor="${anchors[i]!}">x = ${point.x}</text>`,
  );
  return [...gridLines(roundTicks(0, most, 4), { left, right }, y), ...along].join('');
}
