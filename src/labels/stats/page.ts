import { basename } from 'node:path';
import type { LabelStats } from './collect';
import { balancePlot, boxPlot, histogramPlot } from './plots';
import { element, escapeHtml } from './svg';
import { digits, outcomeName, positionName, type StatsTable, statsLine, statsTables } from './tables';

/** Light and dark, and colours that colour-blind readers can tell apart: blue for gains, orange for losses. */
const STYLE = `
:root { color-scheme: light dark; --high: #2166ac; --low: #b35806; --mute: #767676; --text: #1b1b1b; --paper: #fff; --grid: #ddd }
@media (prefers-color-scheme: dark) {
  :root { --high: #6aaed6; --low: #f1a340; --mute: #9a9a9a; --text: #e6e6e6; --paper: #1b1b1b; --grid: #444 }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px }
th, td { padding: 2px 10px; text-align: right; border-bottom: 1px solid var(--grid) }
th:first-child, td:first-child, .text { text-align: left }
td.text { white-space: pre-wrap; overflow-wrap: anywhere }
svg { width: 100%; max-width: 720px; height: auto }
figure { margin: 1rem 0 } figcaption { font-size: 13px; color: var(--mute) } svg.key { width: 10px }
svg text { font-size: 11px; fill: var(--text) }
.grid { stroke: var(--grid) } .zero { stroke: var(--mute) } .whisker, .median { stroke: var(--text) } .median { stroke-width: 2 }
.high, .correct { fill: var(--high) } .low, .incorrect { fill: var(--low) } .neutral { fill: var(--mute) }
.scroll { overflow-x: auto }
`;

/**
 * The statistics as one HTML page that needs nothing from outside: tables and plots, no script. Whatever comes from traces
 * is escaped, and the page's policy lets nothing be loaded or run.
 * @param source the label file, for the heading
 */
export function statsPage(stats: LabelStats, source: string): string {
  const [byPosition, byOutcome, agreement] = statsTables(stats);
  const name = `Step rewards of ${basename(source)}`;
  const positions = stats.byPosition.map((group) => ({ ...group, label: positionName(group) }));
  const outcomes = stats.byOutcome.map((group) => ({ ...group, label: outcomeName(group) }));
  const body = [
    element('h1', {}, escapeHtml(name)),
    element('p', {}, escapeHtml(statsLine(stats))),
    stats.histogram ? heading('How rewards are spread') + figure(histogramPlot(stats.histogram), SPREAD) : '',
    heading(byPosition?.title),
    figure(boxPlot('Rewards by step', positions), BOXES),
    figure(balancePlot('Labels by step', positions), LEGEND),
    htmlTable(byPosition),
    heading(byOutcome?.title),
    figure(boxPlot('Rewards by outcome', outcomes), BOXES),
    htmlTable(byOutcome),
    heading(agreement?.title),
    htmlTable(agreement),
    heading('The lowest steps'),
    lowestTable(stats),
  ].join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(name)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const SPREAD =
  'Nats per token. Losses left of zero, gains right of it; the bars at the ends hold all beyond them.';
const BOXES =
  'Nats per token. Boxes hold the middle half with the median, lines reach from the 5th to the 95th percentile.';
/** The order of the words is that of the bars, so that it can be read without colour. */
const LEGEND = `Share of the labels, from below: ${(['correct', 'neutral', 'incorrect'] as const)
  .map(
    (label) =>
      `${element('svg', { viewBox: '0 0 10 10', class: 'key' }, element('rect', { class: label, width: 10, height: 10 }))} ${label}`,
  )
  .join(', ')}.`;

/** A plot with what it shows underneath; `caption` is markup. */
const figure = (drawing: string, caption: string): string =>
  element('figure', {}, drawing + element('figcaption', {}, caption));

const heading = (words = ''): string => element('h2', {}, escapeHtml(words));

function htmlTable(table: StatsTable | undefined): string {
  const [head = [], ...rows] = table?.rows ?? [];
  const cells = (tag: string, row: readonly string[]) =>
    element('tr', {}, row.map((cell) => element(tag, {}, escapeHtml(cell))).join(''));
  const body = rows.map((row) => cells('td', row)).join('');
  return element('div', { class: 'scroll' }, element('table', {}, cells('th', head) + body));
}

function lowestTable({ lowest }: LabelStats): string {
  const plainHead = ['trace', 'step', 'reward'].map((word) => element('th', {}, word)).join('');
  const head = plainHead + element('th', { class: 'text' }, 'text');
  const rows = lowest.map(({ id, step, reward, text }) => {
    const plain = [id, String(step), digits(reward)]
      .map((cell) => element('td', {}, escapeHtml(cell)))
      .join('');
    return element('tr', {}, plain + element('td', { class: 'text' }, escapeHtml(text)));
  });
  const table = element('table', {}, element('tr', {}, head) + rows.join(''));
  return element('div', { class: 'scroll' }, table);
}
