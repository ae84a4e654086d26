import type { PresenceUser } from '../../../clients/js/src/types.js';
import { badge } from './badge.js';
import { everySecond } from './clock.js';
import { button, h, keyed, write } from './html.js';
import { lastOf, lookOf, looks, nameOf, stateWords } from './words.js';

export interface Row { userId: string; user?: PresenceUser; state?: unknown }

export interface RosterActions {
  self: string;
  isWatched(userId: string): boolean;
  watch(userId: string, watched: boolean): void;
  explain(userId: string): void;
}

const order = { online: 0, away: 1, offline: 2 };

/** Those who are here first, then by name. */
const inOrder = (a: Row, b: Row): number =>
  (order[a.user?.status ?? 'offline'] - order[b.user?.status ?? 'offline']) || a.userId.localeCompare(b.userId);

/** People with their status, what they say of themselves and when they were here last. */
export function createRoster(label: string, actions: RosterActions) {
  const list = h('ul', { class: 'roster', 'aria-label': label });
  const times = new Map<HTMLElement, (now: number) => void>();
  const end = everySecond((now) => times.forEach((tell) => tell(now)));

  const show = keyed<Row>(list, (row) => row.userId, ({ userId }) => {
    const mark = badge();
    const [status, text, state, time] = [h('span', { class: 'status' }), h('span', { class: 'text' }), h('span', { class: 'state' }), h('span', { class: 'time' })];
    const name = nameOf(userId);
    const isSelf = userId == actions.self;
    const star = button('★', () => actions.watch(userId, !actions.isWatched(userId)), { class: 'icon star', 'aria-label': `Watch ${name}`, title: `Watch ${name}` });
    const why = button('?', () => actions.explain(userId), { class: 'icon', 'aria-label': `Why is ${name} so?`, title: `Why is ${name} so?` });
    const element = h('li', { 'data-user': userId },
      mark.element,
      h('div', { class: 'who' },
        h('span', { class: 'line' }, h('span', { class: 'name' }, name), isSelf && h('span', { class: 'tag' }, 'you'), userId.startsWith('anon:') && h('span', { class: 'tag' }, 'guest'), status),
        h('span', { class: 'line more' }, time, text, state)),
      !isSelf && star, why);
    return {
      element,
      update({ user, state: shown }) {
        const look = lookOf(user);
        mark.show(look);
        element.dataset['look'] = look;
        write(status, looks[look]);
        write(text, [user?.emoji, user?.text].filter(Boolean).join(' '));
        write(state, shown === undefined ? '' : stateWords(shown));
        star.setAttribute('aria-pressed', `${actions.isWatched(userId)}`);
        const tell = (now: number): void => write(time, user ? lastOf(user, now) : '');
        tell(Date.now());
        times.set(element, tell);
      },
    };
  });

  return {
    element: list,
    show(rows: readonly Row[]): void {
      show([...rows].sort(inOrder));
      for (const element of times.keys()) if (!element.isConnected && !list.contains(element)) times.delete(element);
    },
    end,
  };
}
