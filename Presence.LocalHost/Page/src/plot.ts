import { h, svg, write } from './html.js';

const kept = 30;
const [width, height] = [120, 32];

/** A figure with its last values as a line. */
export function createPlot(label: string, unit: string) {
  const values: number[] = [];
  const [line, area] = [svg('path', { class: 'line' }), svg('path', { class: 'area' })];
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${label}: nothing yet` }, area, line);
  const value = h('span', { class: 'value' }, '–');
  return {
    element: h('div', { class: 'plot' }, h('span', { class: 'label' }, label), value, h('span', { class: 'unit' }, unit), picture),
    add(next: number): void {
      values.push(next);
      if (values.length > kept) values.shift();
      const most = Math.max(1, ...values);
      const x = (i: number): number => width - (values.length - 1 - i) * width / (kept - 1);
      const y = (v: number): number => height - 2 - v / most * (height - 6);
      const path = values.map((v, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join('');
      line.setAttribute('d', path);
      area.setAttribute('d', `${path}V${height}H${x(0).toFixed(1)}Z`);
      write(value, next.toLocaleString('en'));
      picture.setAttribute('aria-label', `${label}: now ${next} ${unit}, between ${Math.min(...values)} and ${Math.max(...values)} of late`);
    },
  };
}
