import { h, svg } from '../html.js';

const [width, height, left, bottom] = [640, 200, 44, 22];
const [plotWidth, plotHeight] = [width - left - 8, height - bottom - 10];

/** Values in the order of their labels; null where there is none. */
export interface Series { name: string; values: (number | null)[] }

export interface Chart { title: string; unit: string; labels: string[]; series: Series[] }

const shown = (value: number | null, unit: string): string => value === null ? '–' : `${value.toLocaleString('en')}${unit}`;

/** Lines of several days. */
export const lines = (chart: Chart): HTMLElement => figure(chart, (x, y) => chart.series.map((series, i) =>
  svg('path', { class: `line of-${i}`, d: path(series.values, x, y) })));

/** Bars side by side, one for each label. */
export const bars = (chart: Chart): HTMLElement => figure(chart, (x, y, step) => chart.series[0]!.values.map((value, i) =>
  svg('rect', { class: 'bar', x: x(i) - step * 0.4, y: y(value ?? 0), width: step * 0.8, height: Math.max(0, y(0) - y(value ?? 0)) })));

/** A line with a gap wherever there is no value; a value between two gaps is a short dash. */
function path(values: (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  return values.map((value, i) => {
    if (value === null) return '';
    const isFirst = i == 0 || values[i - 1] === null;
    return `${isFirst ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}${isFirst && (values[i + 1] ?? null) === null ? 'h2' : ''}`;
  }).join('');
}

function figure(chart: Chart, marks: (x: (i: number) => number, y: (value: number) => number, step: number) => SVGElement[]): HTMLElement {
  const { title, unit, labels, series } = chart;
  const all = series.flatMap((s) => s.values).filter((v): v is number => v !== null);
  const most = roundUp(Math.max(0, ...all));
  const step = plotWidth / Math.max(1, labels.length);
  const x = (i: number): number => left + step * (i + 0.5);
  const y = (value: number): number => 10 + plotHeight * (1 - value / most);
  const every = Math.ceil(labels.length / 8);
  return h('figure', { class: 'chart' },
    h('figcaption', {}, h('h2', {}, title), series.length > 1 && h('ul', { class: 'legend' }, ...series.map((s, i) => h('li', { class: `of-${i}` }, s.name)))),
    svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': summary(chart) },
      ...[0, 0.5, 1].flatMap((share) => [
        svg('path', { class: 'grid', d: `M${left} ${y(most * share)}H${width - 8}` }),
        svg('text', { class: 'tick', x: left - 6, y: y(most * share) + 4, 'text-anchor': 'end' }, shown(most * share, unit)),
      ]),
      ...labels.flatMap((label, i) => i % every ? [] : [svg('text', { class: 'tick', x: x(i), y: height - 6, 'text-anchor': 'middle' }, label)]),
      ...marks(x, y, step)),
    table(title, ['', ...series.map((s) => s.name)], labels.map((label, i) => [label, ...series.map((s) => shown(s.values[i] ?? null, unit))])));
}

/** How many were here in each hour of a week: the darker, the more. */
export function week(title: string, days: { weekday: string; hours: number[] }[]): HTMLElement {
  const most = Math.max(0, ...days.flatMap((day) => day.hours));
  const [cell, side, top] = [24, 44, 18];
  const busiest = days.flatMap((day) => day.hours.map((value, hour) => ({ value, text: `${day.weekday} at ${hour}:00` }))).reduce((a, b) => b.value > a.value ? b : a);
  return h('figure', { class: 'chart' },
    h('figcaption', {}, h('h2', {}, title)),
    svg('svg', { viewBox: `0 0 ${side + cell * 24} ${top + cell * 7}`, role: 'img', 'aria-label': `${title}: ${most ? `most on ${busiest.text}, ${busiest.value.toLocaleString('en')}` : 'nobody'}` },
      ...[0, 6, 12, 18].map((hour) => svg('text', { class: 'tick', x: side + cell * hour, y: 12 }, `${hour}:00`)),
      ...days.flatMap((day, row) => [
        svg('text', { class: 'tick', x: 0, y: top + cell * row + 16 }, day.weekday.slice(0, 3)),
        ...day.hours.map((value, hour) => svg('rect', {
          class: 'cell', x: side + cell * hour + 1, y: top + cell * row + 1, width: cell - 2, height: cell - 2, rx: 3,
          'fill-opacity': (most ? 0.06 + 0.94 * value / most : 0.06).toFixed(2),
        })),
      ])),
    table(title, ['', ...days.map((day) => day.weekday.slice(0, 3))], Array.from({ length: 24 }, (_, hour) => [`${hour}:00`, ...days.map((day) => day.hours[hour]!.toLocaleString('en'))])));
}

/** The same in numbers, for whoever sees no picture. */
const table = (title: string, head: string[], rows: string[][]): HTMLElement => h('details', {},
  h('summary', {}, 'Numbers'),
  h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': `${title}, in numbers` },
    h('table', {},
      h('thead', {}, h('tr', {}, ...head.map((cell) => cell ? h('th', { scope: 'col' }, cell) : h('td')))),
      h('tbody', {}, ...rows.map(([first, ...others]) => h('tr', {}, h('th', { scope: 'row' }, first), ...others.map((cell) => h('td', {}, cell))))))));

function summary({ title, unit, labels, series }: Chart): string {
  const parts = series.map(({ name, values }) => {
    const known = values.flatMap((value, i) => value === null ? [] : [{ value, label: labels[i]! }]);
    if (!known.length) return `${name}: none`;
    const highest = known.reduce((a, b) => b.value > a.value ? b : a);
    return `${name}: last ${shown(known.at(-1)!.value, unit)}, most ${shown(highest.value, unit)} at ${highest.label}`;
  });
  return `${title}. ${parts.join('. ')}`;
}

/** The next of 1, 2 and 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((step) => step * power >= value)!;
}
