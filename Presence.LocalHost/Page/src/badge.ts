import { svg } from './html.js';
import type { Look } from './words.js';

/** By shape as well as by colour; the word stands beside it. */
const shapes: Record<Look, () => SVGElement[]> = {
  available: () => [svg('circle', { cx: 8, cy: 8, r: 7 }), svg('path', { class: 'ink', d: 'M4.700 8.300l2.300 2.300 4.300-4.600' })],
  away: () => [svg('circle', { cx: 8, cy: 8, r: 7 }), svg('path', { class: 'ink', d: 'M8 4v4.300l2.800 1.700' })],
  busy: () => [svg('path', { d: 'M8 .8l7.200 7.200L8 15.200.8 8z' })],
  doNotDisturb: () => [svg('circle', { cx: 8, cy: 8, r: 7 }), svg('path', { class: 'ink', d: 'M4.500 8h7' })],
  offline: () => [svg('circle', { class: 'hollow', cx: 8, cy: 8, r: 5.800 })],
  unknown: () => [svg('circle', { class: 'hollow dashed', cx: 8, cy: 8, r: 5.800 })],
};

/** @returns The badge, and what makes it another. */
export function badge(): { element: SVGElement; show(look: Look): void } {
  const element = svg('svg', { class: 'badge', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' });
  let shown: Look | undefined;
  return {
    element,
    show(look) {
      if (look == shown) return;
      shown = look;
      element.dataset['look'] = look;
      element.replaceChildren(...shapes[look]());
    },
  };
}
