import { at, escapeXml, roundTicks, scale } from './svg-parts.ts';
import type { StepLog } from './training-progress.ts';

const PANEL = { width: 420, height: 180, left: 56, right: 408, top: 30, bottom: 150 };
/** TRL's names, and what they are called here. A reward model logs them without `rewards/`. */
const CURVES = [
  { keys: ['loss'], title: 'loss' },
  { keys: ['rewards/margins', 'margin'], title: 'margin of rewards, chosen over rejected' },
  { keys: ['rewards/accuracies', 'accuracy'], title: 'share of pairs in the right order' },
  { keys: ['learning_rate'], title: 'learning rate' },
];

/** An SVG picture: a panel for each curve that the run has, over its steps. */
export function trainingPlot(history: readonly StepLog[]): string {
  const panels = CURVES.flatMap(({ keys, title }) => {
    const points = history.flatMap((log): [number, number][] => {
      const value = keys.map((key) => log[key]).find((each) => typeof each === 'number');
      return value === undefined ? [] : [[log.step, value]];
    });
    return points.length === 0 ? [] : [panel(title, points)];
  });
  const height = PANEL.height * Math.max(1, panels.length);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PANEL.width} ${height}" width="${PANEL.width}" height="${height}" font-family="sans-serif" font-size="11">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...panels.map((content, i) => `<g transform="translate(0 ${i * PANEL.height})">${content}</g>`),
    '</svg>\n',
  ].join('\n');
}

function panel(title: string, points: readonly (readonly [number, number])[]): string {
  const steps = points.map(([step]) => step);
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = scale([Math.min(...steps), Math.max(...steps)], [PANEL.left, PANEL.right]);
  const y = scale([low, high], [PANEL.bottom, PANEL.top]);
  const across = roundTicks(low, high, 4).map(
    (value) =>
      `<line x1="${PANEL.left}" x2="${PANEL.right}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#ddd"/>` +
      `<text x="${PANEL.left - 6}" y="${at(y(value) + 4)}" text-anchor="end">${value}</text>`,
  );
  const along = roundTicks(Math.min(...steps), Math.max(...steps)).map(
    (step) => `<text x="${at(x(step))}" y="${PANEL.bottom + 16}" text-anchor="middle">${step}</text>`,
  );
  const line = points.map(([step, value]) => `${at(x(step))},${at(y(value))}`).join(' ');
  return [
    `<text x="8" y="16" font-size="13">${escapeXml(title)}</text>`,
    ...across,
    ...along,
    `<polyline points="${line}" fill="none" stroke="#4477aa" stroke-width="1.5"/>`,
  ].join('\n');
}
