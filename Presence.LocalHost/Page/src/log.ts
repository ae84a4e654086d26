import { h } from './html.js';
import { clock } from './words.js';

const most = 100;

/** What one device has heard, the newest first. */
export function createLog(name: string) {
  const list = h('ol');
  return {
    element: h('div', { class: 'log', tabindex: 0, role: 'log', 'aria-live': 'off', 'aria-label': `Messages to ${name}` }, list),
    add(kind: 'live' | 'resync' | 'expired' | 'connection' | 'failure' | 'done', text: string): void {
      const now = Date.now();
      list.prepend(h('li', { 'data-kind': kind }, h('time', { datetime: new Date(now).toISOString() }, clock(now)), h('span', { class: 'kind' }, kind), h('span', {}, text)));
      while (list.children.length > most) list.lastChild!.remove();
    },
  };
}

export type Log = ReturnType<typeof createLog>;
