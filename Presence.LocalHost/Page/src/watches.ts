import { h, labelled } from './html.js';
import type { Person } from './person.js';
import { createRoster, type RosterActions } from './roster.js';

/** Whom somebody watches beside its conversations. Listening to a user by the client is watching it. */
export function createWatches(person: Person, actions: Omit<RosterActions, 'isWatched' | 'watch'>, changed: () => void) {
  const ids = new Set<string>();
  let unsubscribe = (): void => {};
  const isWatched = (id: string): boolean => ids.has(id);
  const roster = createRoster('Watched', { ...actions, isWatched, watch });

  function show(): void {
    element.hidden = !ids.size;
    roster.show([...ids].map((userId) => ({ userId, user: person.presence.user(userId).get() })));
  }

  function watch(id: string, watched: boolean): void {
    if (watched) ids.add(id);
    else ids.delete(id);
    const before = unsubscribe;
    unsubscribe = person.presence.users([...ids]).subscribe(show);
    before();
    show();
    changed();
  }

  const id = h('input', { placeholder: 'somebody', autocomplete: 'off' });
  const form = h('form', {
    class: 'compose',
    submit: (event: Event) => {
      event.preventDefault();
      if (id.value.trim()) watch(id.value.trim(), true);
      id.value = '';
    },
  }, labelled('User to watch', id, false), h('button', {}, 'Watch'));
  const element = h('div', { class: 'room', role: 'group', 'aria-label': 'Watch list' }, h('div', { class: 'bar' }, h('h3', {}, 'Watch list')), roster.element);
  show();
  return {
    element, form, watch, isWatched,
    end(): void {
      unsubscribe();
      roster.end();
    },
  };
}
