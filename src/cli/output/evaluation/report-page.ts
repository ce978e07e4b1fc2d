import type { EvaluationReport, StrategyReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';
import { printable } from '../printable.ts';
import { escapeXml } from '../svg-parts.ts';
import { measureBars } from './measure-bars.ts';
import type { ReportTable } from './report-table.ts';
import type { Sample, SampledItem } from './samples.ts';
import { mainMeasure, summaryTables } from './summary-tables.ts';
import { taskTables } from './task-tables.ts';

/** Characters of a text that are shown; its file has the rest. */
const MOST_CHARACTERS = 3000;

const STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1a1a1a;--soft:#5a5a5a;--line:#ddd;--draft:#d3e5f7;--base:#fde6c8;--bar:#4477aa;--mark:#b34700;--paper:#f4f1ea}
@media(prefers-color-scheme:dark){:root{--page:#16181c;--ink:#eee;--soft:#b4b8bf;--line:#3a3d44;--draft:#1c3d5c;--base:#5a3a12;--bar:#6d9fd0;--mark:#ffab5e;--paper:#24221d}}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--page)}
.scroll{overflow-x:auto}table{border-collapse:collapse;margin:.6rem 0}th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}.published{background:var(--paper);font-style:italic}.notes{color:var(--soft);font-size:.9rem;margin:.15rem 0;overflow-wrap:anywhere}
svg{max-width:600px;min-width:28rem;width:100%;height:auto;display:block}svg text{fill:var(--ink)}.soft{fill:var(--soft)!important}.grid{stroke:var(--line)}.bar{fill:var(--bar)}.interval{stroke:var(--ink);stroke-width:2}.mark{fill:none;stroke:var(--mark);stroke-width:2}
details{margin:.6rem 0}summary{cursor:pointer}.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;font-size:.85rem;margin:.3rem 0}.answer{border:1px solid var(--line);border-radius:.4rem;padding:.5rem;min-width:0}
.draft{background:var(--draft);text-decoration:underline}.base{background:var(--base)}a{color:inherit}h3{margin-bottom:.2rem}`;

/** Nothing may be fetched, run or sent from this page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A report as a page of its own, without scripts. What models and judges wrote is shown as text.
 *
 * @param samples some items of each task, in the order of the tasks
 */
export function reportPage(report: EvaluationReport, samples: readonly (readonly SampledItem[])[]): string {
  const title = `Evaluation: ${report.tasks.map(({ name }) => name).join(', ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${html(title)}</title><style>${STYLE}</style></head><body>
<h1>${html(title)}</h1>
<p>wellbegun ${html(report.version)}. <a href="report.json">report.json</a> has every figure and setting, <a href="report.md">report.md</a> the tables.</p>
<h2>Summary</h2>
${tables(summaryTables(report))}
${report.tasks.map((task, i) => taskSection(task, report, samples[i] ?? [])).join('\n')}
<h2>Settings</h2>
<pre>${html(JSON.stringify(report.settings, null, 2))}</pre>
</body></html>
`;
}

function taskSection(task: TaskReport, report: EvaluationReport, items: readonly SampledItem[]): string {
  const files = task.strategies.flatMap(filesOf).map((file) => `<a href="${linkTo(file)}">${html(file)}</a>`);
  return `<h2>${html(task.name)}</h2>
${mainMeasure(task) === undefined ? '' : `<div class="scroll">${measureBars(task)}</div>`}
${tables(taskTables(task, report))}
<p class="notes">All answers: ${files.join(', ')}.</p>
${items.length === 0 ? '' : `<h3>${items.length} of ${task.input.lines} lines, side by side</h3>`}
${items.map((item) => itemSection(item)).join('\n')}`;
}

function filesOf({ answers, grades, rewards }: StrategyReport): string[] {
  return [answers, ...(grades === undefined ? [] : [grades]), ...(rewards === undefined ? [] : [rewards])];
}

function linkTo(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

function itemSection({ id, asked, conversation, samples }: SampledItem): string {
  return `<details><summary>${html(id)}: ${html(shortened(asked.replaceAll(/\s+/g, ' '), 120))}</summary>
<pre dir="auto">${html(tail(conversation))}</pre>
<div class="answers">${samples.map(answerBox).join('')}</div></details>`;
}

function answerBox({ strategy, answer, grades, rewards }: Sample): string {
  const said = [
    ...grades.map(({ by, grades: numbers, words }) => {
      const list = Object.entries(numbers).map(([name, value]) => `${name} ${String(Math.round(1000 * value) / 1000)}`);
      const why = words
        ? `<details><summary>in its words</summary><pre dir="auto">${html(shortened(words, MOST_CHARACTERS))}</pre></details>`
        : '';
      return `<p class="notes">${html(`${by}: ${list.join(', ')}`)}</p>${why}`;
    }),
    ...rewards.map(({ judge, reward }) => `<p class="notes">${html(`reward by ${judge}: ${reward.toFixed(3)}`)}</p>`),
  ];
  return `<div class="answer"><strong>${html(strategy)}</strong>${answerText(answer)}${said.join('')}</div>`;
}

function answerText(answer: Sample['answer']): string {
  if (answer === undefined) return '<p class="notes">no answer</p>';
  if ('error' in answer) return `<p class="notes">${html(`failed: ${answer.error.message}`)}</p>`;
  const { text, tokens, switch: change, finishReason, followUps = [] } = answer;
  const ending = finishReason === 'length' ? 'cut by a limit' : `ended: ${finishReason}`;
  const taken = change ? `the base took over after ${change.index} tokens (${change.reason}); ` : '';
  const turns = followUps.map(
    (turn) => `<p class="notes">next turn</p><pre dir="auto">${html(shortened(turn.text, MOST_CHARACTERS))}</pre>`,
  );
  return `<pre dir="auto">${tokens ? coloured(tokens) : html(shortened(text, MOST_CHARACTERS))}</pre>${turns.join('')}<p class="notes">${html(taken + ending)}</p>`;
}

/** Neighbouring tokens of one model are one stretch, so that a character of several tokens stays whole. */
function coloured(tokens: readonly { readonly text: string; readonly source: 'draft' | 'base' }[]): string {
  const runs: { source: 'draft' | 'base'; text: string }[] = [];
  let left = MOST_CHARACTERS;
  for (const { source, text } of tokens) {
    if (left <= 0) break;
    const last = runs.at(-1);
    if (last?.source === source) last.text += text;
    else runs.push({ source, text });
    left -= text.length;
  }
  return (
    runs.map(({ source, text }) => `<span class="${source}">${html(text)}</span>`).join('') + (left <= 0 ? ' …' : '')
  );
}

function tables(all: readonly ReportTable[]): string {
  return all.map(table).join('\n');
}

function table({ head, rows, notes }: ReportTable): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join('')}</tr>`;
  const isPublished = head[0]!.startsWith('PUBLISHED');
  return `<div class="scroll"><table${isPublished ? ' class="published"' : ''}>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</table></div>
${notes.map((note) => `<p class="notes">${html(note)}</p>`).join('')}`;
}

function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const shown = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${shown} … (${text.length - shown.length} characters more)`;
}

/** Of a long prompt its end: the question stands there. */
function tail(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `… ${text.slice(-MOST_CHARACTERS)}`;
}

function html(text: string): string {
  return escapeXml(printable(text.toWellFormed())).replaceAll('"', '&quot;');
}
