import type { PresenceRoom } from '../../../clients/js/src/types.js';
import { button, h, labelled, svg, write } from './html.js';
import { createRoster, type RosterActions } from './roster.js';
import type { Person } from './person.js';

/** After so many ms without a key nobody types any more. */
const typesFor = 4_000;

/** A conversation as one of its members sees it: who is in it, and what they show of themselves at this moment. */
export function createRoom(person: Person, id: string, actions: RosterActions, leave: (() => void) | undefined) {
  const store = person.presence.room(id);
  const roster = createRoster(`In ${id}`, actions);
  const counts = h('span', { class: 'counts' });
  const shown = { typing: false, hand: false };
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(): void {
    const { typing, hand } = shown;
    person.presence.show(id, typing || hand ? { ...(typing && { typing }), ...(hand && { hand }) } : null);
  }

  function type(typing: boolean): void {
    clearTimeout(timer);
    if (typing) timer = setTimeout(type, typesFor, false);
    shown.typing = typing;
    show();
  }

  const message = h('input', { placeholder: 'Type, and the others see it', autocomplete: 'off', input: () => type(true) });
  const hand = button('', () => {
    shown.hand = !shown.hand;
    hand.setAttribute('aria-pressed', `${shown.hand}`);
    show();
  }, { class: 'icon', 'aria-pressed': 'false', 'aria-label': `Raise a hand in ${id}`, title: `Raise a hand in ${id}` });
  hand.append(svg('svg', { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, svg('path', { d: 'M4 8V4.500a1 1 0 0 1 2 0V3a1 1 0 0 1 2 0v-.5a1 1 0 0 1 2 0V4a1 1 0 0 1 2 0v6a4.500 4.500 0 0 1-8 3L2 9.800a1 1 0 0 1 1.600-1.200L4.800 10' })));

  const element = h('div', { class: 'room', role: 'group', 'aria-label': `Conversation ${id}` },
    h('div', { class: 'bar' }, h('h3', {}, id), counts, leave && button('Leave', () => (person.presence.show(id, null), leave()), { class: 'quiet', 'aria-label': `Leave ${id}` })),
    roster.element,
    h('div', { class: 'compose' }, labelled(`Message to ${id}`, message, false), hand));

  const update = (): void => {
    const room: PresenceRoom | undefined = store.get();
    const { members, online, away } = room?.occupancy ?? { members: 0, online: 0, away: 0 };
    write(counts, room ? `${online} online, ${away} away, of ${members}` : 'not known yet');
    roster.show((room?.users ?? []).map((user) => ({ userId: user.userId, user, state: room!.states[user.userId] })));
  };
  const unsubscribe = store.subscribe(update);
  update();
  return {
    element,
    update,
    end(): void {
      clearTimeout(timer);
      person.presence.show(id, null);
      unsubscribe();
      roster.end();
    },
  };
}
