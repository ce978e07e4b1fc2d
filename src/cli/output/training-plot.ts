import { at, escapeXml, gridLines, roundTicks, scale, stackedPicture, valuesBelow } from './svg-parts.ts';
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
  return stackedPicture(PANEL, panels);
}

function panel(title: string, points: readonly (readonly [number, number])[]): string[] {
  const steps = points.map(([step]) => step);
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = scale([Math.min(...steps), Math.max(...steps)], [PANEL.left, PANEL.right]);
  const y = scale([low, high], [PANEL.bottom, PANEL.top]);
  const line = points.map(([step, value]) => `${at(x(step))},${at(y(value))}`).join(' ');
  return [
    `<text x="8" y="16" font-size="13">${escapeXml(title)}</text>`,
    ...gridLines(roundTicks(low, high, 4), PANEL, y),
    ...valuesBelow(roundTicks(Math.min(...steps), Math.max(...steps)), PANEL.bottom, x),
    `<polyline points="${line}" fill="none" stroke="#4477aa" stroke-width="1.5"/>`,
  ];
}
