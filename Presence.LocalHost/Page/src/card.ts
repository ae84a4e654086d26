import type { PresenceChange, PresenceChoice } from '../../../clients/js/src/types.js';
import { badge } from './badge.js';
import { createChoice } from './choice.js';
import { everySecond } from './clock.js';
import { showExplanation } from './explain.js';
import { backend, type Explanation } from './host.js';
import { button, h, labelled, newId, write } from './html.js';
import { createLog } from './log.js';
import { Person, type Who } from './person.js';
import { createRoom } from './room.js';
import { say } from './speaker.js';
import { createTrials } from './trials.js';
import { createWatches } from './watches.js';
import { connectionWords, expectation, left, lookOf, looks, nameOf, withClocks } from './words.js';

const everybodys = 'lobby';
/** Without news of its own it may be so for another reason; asking costs a storage request. */
const explainedEvery = 60_000;

export interface Card { element: HTMLElement; who: Who; device: number; conversationsChanged(): void; end(): void }

/** One person on one device: how it stands, whom it sees, what it hears, and what may happen to it. */
/** @param device Of several of one user in the page, which it is. */
export function createCard(who: Who, device: number, conversationsChanged: () => void, close: () => void, signInAgain: () => void): Card {
  const titleId = newId('card');
  const element = h('section', { class: 'card', 'aria-labelledby': titleId });
  const person = new Person(who, element);
  const { presence, id } = person;
  const name = nameOf(id);
  const log = createLog(name);
  const ends: (() => void)[] = [];
  const failed = (e: unknown): void => log.add('failure', (e as Error).message);

  // Who it is, and how it is seen.
  const mark = badge();
  const [status, text, connection, statistics] = [h('span', { class: 'status' }), h('span', { class: 'text' }), h('span', { class: 'connection' }), h('p', { class: 'statistics' })];
  const showSelf = (): void => {
    const seen = person.seen();
    const isOff = presence.connection.get().state == 'off';
    const look = isOff ? 'offline' : lookOf(seen);
    mark.show(look);
    element.dataset['look'] = look;
    const invisible = presence.me.get()?.choice?.availability == 'invisible';
    write(status, invisible && !isOff ? 'invisible' : looks[look]);
    write(text, [seen?.emoji, seen?.text].filter(Boolean).join(' '));
  };

  // Why it is so.
  const [sentence, next] = [h('p', { class: 'sentence' }), h('p', { class: 'next' })];
  let explanation: Explanation | undefined;
  let asking = false;
  let askAgain = false;
  let askedAt = 0;
  async function explain(): Promise<void> {
    if (asking) {
      askAgain = true;
      return;
    }

    asking = true;
    askedAt = Date.now();
    try {
      explanation = await person.calls.explain();
      write(sentence, withClocks(explanation.sentence));
    } catch (e) {
      explanation = undefined;
      write(sentence, `Why cannot be asked now: ${(e as Error).message}`);
    }

    asking = false;
    showNext(Date.now());
    if (askAgain) {
      askAgain = false;
      void explain();
    }
  }

  function showNext(now: number): void {
    const change = explanation?.expected?.find(({ at }) => Date.parse(at) > now);
    write(next, change ? `By time alone: ${expectation(change.what)}, in ${left(Date.parse(change.at) - now)}` : '');
  }

  const trials = createTrials(person, log, explain);

  // Conversations and whom it watches.
  const rooms = new Map<string, ReturnType<typeof createRoom>>();
  const roomList = h('div', { class: 'rooms' });
  const actions = {
    self: id,
    explain: (user: string) => void showExplanation(nameOf(user), () => user == id ? person.calls.explain() : backend.explain(user)),
  };
  const watches = createWatches(person, actions, () => rooms.forEach((room) => room.update()));
  async function readConversations(): Promise<void> {
    try {
      const ids = await person.calls.conversations();
      for (const [old, room] of rooms) {
        if (ids.includes(old)) continue;
        room.end();
        room.element.remove();
        rooms.delete(old);
      }

      for (const conversation of ids) {
        if (rooms.has(conversation)) continue;
        const leave = conversation == everybodys ? undefined : () => void change(() => backend.leave(conversation, id), `left ${conversation}`);
        const room = createRoom(person, conversation, { ...actions, ...watches }, leave);
        rooms.set(conversation, room);
        roomList.append(room.element);
      }
    } catch (e) {
      failed(e);
    }
  }

  async function change(membership: () => Promise<unknown>, what: string): Promise<void> {
    try {
      await membership();
      log.add('done', `${what}; the ${everybodys} is for those who are in no other conversation`);
      conversationsChanged();
    } catch (e) {
      failed(e);
    }
  }

  const conversation = h('input', { placeholder: 'a conversation', autocomplete: 'off' });
  const join = h('form', {
    class: 'compose',
    submit: (event: Event) => {
      event.preventDefault();
      const to = conversation.value.trim();
      conversation.value = '';
      if (to) void change(() => backend.join(to, id), `joined ${to}`);
    },
  }, labelled('Conversation', conversation, false), h('button', {}, 'Join'));

  const choice = createChoice(async (chosen: PresenceChoice) => {
    try {
      await presence.set(chosen);
      log.add('done', `chose ${chosen.availability}${chosen.text ? `, “${chosen.text}”` : ''}`);
      void explain();
    } catch (e) {
      failed(e);
    }
  });

  // What it hears.
  ends.push(presence.on('change', (event) => {
    const words = changeWords(event);
    if (!words) return;
    log.add(event.cause, words);
    if (event.kind == 'user' && event.cause != 'resync' && event.userId != id && lookOf(event.from) != lookOf(event.to)) say(words);
    showSelf();
    if (event.userId == id) void explain();
  }));
  ends.push(presence.on('error', (failure) => {
    log.add('failure', `${failure.message}${failure.retryAfter ? `; try again after ${failure.retryAfter} s` : ''}`);
  }));
  let lastState = '';
  ends.push(presence.connection.subscribe(() => {
    const now = presence.connection.get();
    if (now.state == lastState) return;
    lastState = now.state;
    element.dataset['connection'] = now.state;
    log.add('connection', connectionWords(now, Date.now()));
    showSelf();
    void explain();
    if (now.state == 'live') void readConversations();
    again.hidden = now.state != 'off';
  }));
  ends.push(presence.me.subscribe(showSelf));
  ends.push(everySecond((now) => {
    write(connection, connectionWords(presence.connection.get(), now));
    const { calls, heldBack, resyncs } = presence.statistics();
    write(statistics, `calls ${calls} · held back ${heldBack} · resyncs ${resyncs}`);
    showNext(now);
    const isDue = explanation?.expected?.some(({ at }) => Date.parse(at) <= now && Date.parse(at) > askedAt);
    if (isDue || now - askedAt > explainedEvery) void explain();
  }));

  const again = button('Sign in again', signInAgain, { class: 'again', hidden: true });
  element.append(
    h('header', {},
      h('span', { class: 'avatar', 'aria-hidden': 'true' }, name.slice(0, 2), mark.element),
      h('div', { class: 'who' },
        h('span', { class: 'line' }, h('h2', { id: titleId }, name, device > 1 && ` ${device}`), who.isGuest && h('span', { class: 'tag' }, 'guest'), device > 1 && h('span', { class: 'tag' }, 'another device')),
        h('span', { class: 'line more' }, status, text)),
      connection,
      button('×', close, { class: 'icon close', 'aria-label': `Close ${name}`, title: `Close ${name}` })),
    h('div', { class: 'because' }, h('div', {}, sentence, next), button('Why?', () => actions.explain(id), { class: 'quiet', 'aria-label': `Why is ${name} so?` })),
    again,
    choice, roomList, watches.element, trials.element,
    h('div', { class: 'heard', role: 'group', 'aria-label': `What ${name} hears` }, h('div', { class: 'bar' }, h('h3', {}, 'Log'), statistics), log.element),
    h('div', { class: 'further', role: 'group', 'aria-label': `More for ${name}` }, join, watches.form));
  showSelf();
  presence.start();
  return {
    element, who, device,
    conversationsChanged: () => void readConversations(),
    end(): void {
      rooms.forEach((room) => room.end());
      ends.forEach((end) => end());
      watches.end();
      trials.end();
      presence.stop();
      element.remove();
    },
  };
}

function changeWords(event: PresenceChange): string {
  const name = nameOf(event.userId);
  if (event.kind == 'state') {
    const shows = event.to === undefined ? 'shows nothing any more' : `shows ${JSON.stringify(event.to)}`;
    return `${name} ${shows} in ${event.conversationId}`;
  }

  const [from, to] = [lookOf(event.from), lookOf(event.to)];
  const text = [event.to?.emoji, event.to?.text].filter(Boolean).join(' ');
  if (from == to && event.from?.text === event.to?.text && event.from?.emoji === event.to?.emoji) return '';
  return `${name} is ${looks[to]}${text ? `, “${text}”` : ''}${event.from && from != to ? `, was ${looks[from]}` : ''}`;
}
