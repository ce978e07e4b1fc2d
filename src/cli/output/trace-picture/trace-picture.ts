import type { RunResult } from '../../../assembly/run-result.ts';
import { at, escapeXml, roundTicks, type Scale, scale } from '../svg-parts.ts';
import { type Confidence, confidences, gammaOf } from './confidences.ts';
import { type LaidOutToken, layOutTokens } from './laid-out-tokens.ts';

const WIDTH = 640;
const MARGIN = 16;
const LETTER = 7.8;
const LINE = 22;
const COLUMNS = Math.floor((WIDTH - 2 * MARGIN) / LETTER);
const CHART = { height: 150, left: 46, right: WIDTH - MARGIN, below: 46 };

/** Blue and orange are told apart by all; drafted tokens are underlined as well. */
const STYLE = `
svg{color-scheme:light dark;--page:#fff;--ink:#1a1a1a;--soft:#5a5a5a;--grid:#ddd;--draft:#d3e5f7;--base:#fde6c8;--line:#1f6fb5;--mark:#b34700}
@media(prefers-color-scheme:dark){svg{--page:#16181c;--ink:#eee;--soft:#b4b8bf;--grid:#3a3d44;--draft:#1c3d5c;--base:#5a3a12;--line:#6db3f2;--mark:#ffab5e}}
text{fill:var(--ink)}.soft{fill:var(--soft)}.page{fill:var(--page)}.draft{fill:var(--draft)}.base{fill:var(--base)}
.grid{stroke:var(--grid)}.under{stroke:var(--line);stroke-width:2}.dot{fill:var(--line)}.window{fill:none;stroke:var(--line);stroke-width:2}
.gamma{stroke:var(--mark);stroke-dasharray:5 4;stroke-width:1.5}.switch{stroke:var(--mark);stroke-width:2.5}.mark{fill:var(--mark);font-weight:bold}
.token{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px;white-space:pre}`;

/**
 * An SVG picture of one response, light or dark as its reader is: the tokens, coloured by who wrote them; below, the
 * base's probability of each drafted token, the criterion's value against γ, and the switch.
 */
export function tracePicture(trace: RunResult): string {
  const laid = layOutTokens(trace.tokens, COLUMNS);
  const textBottom = 78 + LINE * (laid.length === 0 ? 1 : laid.at(-1)!.line + 1);
  const known = confidences(trace);
  const height = known.length === 0 ? textBottom + MARGIN : textBottom + 34 + CHART.height + CHART.below;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<style>${STYLE}</style>`,
    `<title>${escapeXml(titleOf(trace))}</title>`,
    `<rect class="page" width="100%" height="100%"/>`,
    `<text x="${MARGIN}" y="26" font-size="15">${escapeXml(titleOf(trace))}</text>`,
    legend(trace),
    ...laid.map((token) => drawnToken(token, trace)),
    ...(known.length === 0 ? [] : chart(trace, known, textBottom + 34)),
    '</svg>\n',
  ].join('\n');
}

function titleOf({ strategy, tokens, switch: change }: RunResult): string {
  const taken = change ? `, switch after ${change.index} (${change.reason})` : '';
  return `${strategy}: ${tokens.length} tokens${taken}`;
}

function legend({ request: { models } }: RunResult): string {
  const entry = (x: number, source: 'draft' | 'base') => {
    const name = models[source]?.named.split('/').at(-1)?.slice(0, 34) ?? '';
    const box = `<rect class="${source}" x="${x}" y="39" width="16" height="14"/>`;
    const under = source === 'draft' ? `<line class="under" x1="${x}" x2="${x + 16}" y1="53" y2="53"/>` : '';
    return `${box}${under}<text x="${x + 22}" y="51">${escapeXml(`${source}: ${name || 'none'}`)}</text>`;
  };
  return entry(MARGIN, 'draft') + entry(MARGIN + 300, 'base');
}

function drawnToken({ index, source, text, line, column, width }: LaidOutToken, { switch: change }: RunResult): string {
  const [x, y, extent] = [MARGIN + column * LETTER, 66 + line * LINE, width * LETTER];
  const under =
    source === 'draft'
      ? `<line class="under" x1="${at(x)}" x2="${at(x + extent - 1)}" y1="${y + 18}" y2="${y + 18}"/>`
      : '';
  const takesOver = change !== null && index === change.index && source === 'base';
  const mark = takesOver
    ? `<line class="switch" x1="${at(x - 0.5)}" x2="${at(x - 0.5)}" y1="${y - 1}" y2="${y + 19}"/>`
    : '';
  const shown = `<text class="token" x="${at(x)}" y="${y + 13}" textLength="${at(extent)}" lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`;
  return `<rect class="${source}" x="${at(x)}" y="${y}" width="${at(extent - 1)}" height="18"/>${under}${shown}${mark}`;
}

function chart(trace: RunResult, known: readonly Confidence[], top: number): string[] {
  const bottom = top + CHART.height;
  const last = Math.max(1, known.at(-1)!.index);
  const x = scale([0, last], [CHART.left + 6, CHART.right - 6]);
  const y = scale([0, 1], [bottom, top]);
  const windows = known.filter(({ window }) => window !== undefined && window >= 0 && window <= 1);
  const line = windows.map(({ index, window }) => `${at(x(index))},${at(y(window!))}`);
  return [
    `<text x="${MARGIN}" y="${top - 12}">the base's probability of each drafted token (dots), and the criterion's value (line)</text>`,
    ...[0, 0.5, 1].map((value) => across(value, y)),
    ...roundTicks(0, last).map(
      (token) => `<text class="soft" x="${at(x(token))}" y="${bottom + 17}" text-anchor="middle">${token}</text>`,
    ),
    `<text class="soft" x="${CHART.right}" y="${bottom + 34}" text-anchor="end">token of the response, from 0</text>`,
    ...known.map(
      ({ index, probability }) =>
        `<circle class="dot" cx="${at(x(index))}" cy="${at(y(probability))}" r="2.5" opacity="0.6"/>`,
    ),
    `<polyline class="window" points="${line.join(' ')}"/>`,
    ...marks(trace, x, y),
  ];
}

function across(value: number, y: Scale): string {
  const place = at(y(value));
  const label = `<text class="soft" x="${CHART.left - 6}" y="${at(y(value) + 4)}" text-anchor="end">${value}</text>`;
  return `<line class="grid" x1="${CHART.left}" x2="${CHART.right}" y1="${place}" y2="${place}"/>${label}`;
}

function marks(trace: RunResult, x: Scale, y: Scale): string[] {
  const gamma = gammaOf(trace);
  const { switch: change } = trace;
  const last = change === null ? undefined : change.index - 1;
  return [
    ...(gamma === undefined
      ? []
      : [
          `<line class="gamma" x1="${CHART.left}" x2="${CHART.right}" y1="${at(y(gamma))}" y2="${at(y(gamma))}"/>`,
          `<text class="mark" x="${CHART.left + 4}" y="${at(y(gamma) - 5)}">γ = ${gamma}</text>`,
        ]),
    ...(last === undefined || last < 0
      ? []
      : [
          `<line class="switch" x1="${at(x(last))}" x2="${at(x(last))}" y1="${at(y(1))}" y2="${at(y(0))}"/>`,
          `<text class="mark" x="${at(x(last) - 5)}" y="${at(y(0) - 6)}" text-anchor="end">switch</text>`,
        ]),
  ];
}
