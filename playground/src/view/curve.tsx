import type { ShownToken } from '../trace/shown-response.ts';

interface CurveProps {
  /** The drafted tokens whose confidence is known. */
  readonly tokens: readonly ShownToken[];
  /** The criterion's values at them. */
  readonly values: readonly (number | undefined)[];
  readonly gamma: number;
  /** How many of them were kept. */
  readonly kept: number | undefined;
  /** How many would be, by the sliders. */
  readonly would: number | undefined;
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [640, 170, 34, 10, 142];

/** The base's probability of each drafted token, the criterion's value against γ, and the places of the switch. */
export function Curve({ tokens, values, gamma, kept, would, selected, onSelect }: CurveProps) {
  const step = (WIDTH - LEFT - 12) / Math.max(tokens.length - 1, 1);
  const x = (index: number) => LEFT + 6 + index * step;
  const y = (value: number) => BOTTOM - value * (BOTTOM - TOP);
  const line = values.flatMap((value, i) => (value === undefined ? [] : [`${x(i).toFixed(1)},${y(value).toFixed(1)}`]));
  const choose = (event: MouseEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const index = Math.round((((event.clientX - box.left) / box.width) * WIDTH - LEFT - 6) / step);
    onSelect(Math.min(Math.max(index, 0), tokens.length - 1));
  };
  return (
    <svg
      class="curve"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={described(tokens.length, gamma, would)}
      onClick={choose}
    >
      {[0, 0.5, 1].map((value) => (
        <g key={value}>
          <line class="grid" x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
            {value}
          </text>
        </g>
      ))}
      <text x={WIDTH} y={HEIGHT - 8} text-anchor="end">
        {`token of the draft, 1 to ${tokens.length}`}
      </text>
      {tokens.map(({ logprob }, i) => (
        <circle key={i} class="dot" cx={x(i)} cy={y(Math.exp(logprob!))} r="2.5" />
      ))}
      <polyline class="window" points={line.join(' ')} />
      <line class="gamma" x1={LEFT} x2={WIDTH} y1={y(gamma)} y2={y(gamma)} />
      {kept !== undefined && kept > 0 && <line class="kept" x1={x(kept - 1)} x2={x(kept - 1)} y1={TOP} y2={BOTTOM} />}
      {would !== undefined && <line class="place" x1={x(would - 1)} x2={x(would - 1)} y1={TOP} y2={BOTTOM} />}
      {selected !== undefined && selected < tokens.length && (
        <circle class="chosen" cx={x(selected)} cy={y(Math.exp(tokens[selected]!.logprob!))} r="6" />
      )}
    </svg>
  );
}

function described(count: number, gamma: number, would: number | undefined): string {
  const place = would === undefined ? 'nowhere in it' : `after token ${would}`;
  return `Confidence of the base in ${count} drafted tokens; by γ = ${gamma} it takes over ${place}.`;
}
