import { createCard, type Card } from './card.js';
import { button, h, labelled } from './html.js';
import type { Who } from './person.js';
import { say } from './speaker.js';
import { createSystem } from './system.js';

const known = ['alice', 'bob', 'carol', 'dave'];
const guests = ['dora', 'emil', 'fay', 'gus', 'hal', 'ida'];

const people = document.getElementById('people')!;
const empty = h('p', { class: 'empty' }, 'Nobody is here. Let somebody come in, and somebody else beside.');
const cards: Card[] = [];

function enter(who: Who, instead?: Card): void {
  const same = cards.filter((c) => c != instead && c.who.name == who.name && c.who.isGuest == who.isGuest);
  const device = Math.max(0, ...same.map((c) => c.device)) + 1;
  const card = createCard(who, device, () => cards.forEach((c) => c.conversationsChanged()), () => {
    remove(card);
    people.focus();
    say(`${who.name} is closed`);
  }, () => enter(who, card));
  if (instead) {
    instead.element.before(card.element);
    remove(instead);
  } else {
    people.append(card.element);
    say(`${who.name} comes in`);
  }

  cards.push(card);
  remember();
}

function remove(card: Card): void {
  card.end();
  cards.splice(cards.indexOf(card), 1);
  remember();
}

/** The address names who is here, so that a page that is loaded again, or a link, shows the same. */
function remember(): void {
  empty.hidden = cards.length > 0;
  const names = cards.map(({ who }) => (who.isGuest ? 'guest:' : '') + encodeURIComponent(who.name));
  history.replaceState(null, '', names.length ? `#${names.join(',')}` : location.pathname);
}

function recall(): Who[] {
  return location.hash.slice(1).split(',').filter(Boolean).map((text) => {
    const isGuest = text.startsWith('guest:');
    return { name: decodeURIComponent(isGuest ? text.slice(6) : text), isGuest };
  });
}

const freeGuest = (): string => guests.find((name) => !cards.some(({ who }) => who.isGuest && who.name == name)) ?? `guest${cards.length}`;

const name = h('input', { placeholder: 'another name', autocomplete: 'off', maxlength: 128 });
const kind = h('select', {}, h('option', { value: '' }, 'user'), h('option', { value: 'guest' }, 'guest'));
document.getElementById('entry')!.append(
  h('div', { class: 'buttons' },
    ...known.map((user) => button(user, () => enter({ name: user, isGuest: false }), { class: 'person', 'aria-label': `Let ${user} in` })),
    button('a guest', () => enter({ name: freeGuest(), isGuest: true }), { class: 'person guest', 'aria-label': 'Let a guest in' })),
  h('form', {
    class: 'compose',
    submit: (event: Event) => {
      event.preventDefault();
      if (!name.value.trim()) return name.focus();
      enter({ name: name.value.trim(), isGuest: kind.value == 'guest' });
      name.value = '';
    },
  }, labelled('Name', name, false), labelled('Kind', kind, false), h('button', {}, 'Let in')));
document.getElementById('system')!.append(createSystem());
people.append(empty);
recall().forEach((who) => enter(who));
