import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { METRICS, type Metric } from './measure-point.ts';
import type { MeasuredSeries } from './series.ts';

interface Mark {
  readonly x: number;
  readonly metric: string;
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** An SVG picture of a series: a panel for each metric, median and middle half. */
export async function growthPlot(series: MeasuredSeries): Promise<string> {
  const view = new View(parse(compile(specOf(series)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

function specOf(series: MeasuredSeries): TopLevelSpec {
  const marks = marksOf(series);
  const places = [...new Set(marks.map(({ x }) => x))];
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: series.x,
    scale: { type: 'log' as const, base: 2, nice: false },
    axis: { values: places, format: 'd', grid: false, labelAngle: -45, labelOverlap: false },
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: series.title,
    background: 'white',
    data: { values: marks },
    facet: { field: 'metric', type: 'nominal', title: null, sort: shownMetrics(series) },
    columns: 3,
    spec: {
      width: 200,
      height: 130,
      layer: [
        {
          mark: { type: 'area', opacity: 0.25 },
          encoding: { x, y: { field: 'lower', type: 'quantitative', title: null }, y2: { field: 'upper' } },
        },
        {
          mark: { type: 'line', point: true },
          encoding: { x, y: { field: 'median', type: 'quantitative', title: null, scale: { zero: true } } },
        },
      ],
    },
    resolve: { scale: { y: 'independent' } },
  };
}

function marksOf({ points }: MeasuredSeries): Mark[] {
  return points.flatMap(({ x, metrics }) =>
    Object.entries(metrics).map(([metric, { median, lower, upper }]) => {
      return { x, metric: METRICS[metric as Metric], median, lower, upper };
    }),
  );
}

function shownMetrics({ points }: MeasuredSeries): string[] {
  const names = Object.keys(METRICS) as Metric[];
  return names.filter((name) => points.some(({ metrics }) => name in metrics)).map((name) => METRICS[name]);
}
