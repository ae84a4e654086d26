import { apply, everybody, membersOf, nothing, viewOf, type Change, type Knowledge } from './knowledge.js';
import type { PresenceCause, PresenceChange, PresenceRoom, PresenceUser, Store } from './types.js';
import { safely, steady } from './surroundings.js';

const keptAfter = 60_000;

/** No id of a conversation holds a space. */
const keyOf = (conversationId: string, userId: string): string => `${conversationId} ${userId}`;

/** What a tab shows of what it knows: values that stay the same reference while nothing is different, and who is told of changes. */
export function createViews(self: () => string | undefined, changed: (change: PresenceChange) => void) {
  const known = nothing();
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const users = new Map<string, PresenceUser>();
  const rooms = new Map<string, { generation: number; text?: string; value?: PresenceRoom }>();
  /** What is shown at this moment, by conversation and user. */
  const states = new Map<string, unknown>();
  const subscriptions = new Set<() => void>();

  function update(cause: PresenceCause): void {
    const events: PresenceChange[] = [];
    generation++;
    for (const userId of [...users.keys(), ...everybody(known)]) {
      const from = users.get(userId);
      const to = viewOf(known, userId);
      if (from == to || JSON.stringify(from) == JSON.stringify(to)) continue;
      to ? users.set(userId, to) : users.delete(userId);
      events.push({ kind: 'user', userId, from, to, cause });
      // Who leaves shows nothing any more, and not again when coming back.
      if (!to?.isOnline) for (const { shown } of known.rooms.values()) if (from && shown.has(userId)) shown.get(userId)!.state = null;
    }

    updateStates(cause, events);
    subscriptions.forEach((check) => check());
    events.forEach(changed);
  }

  /** What members show: it holds until its time is over, and only of those who are here. */
  function updateStates(cause: PresenceCause, events: PresenceChange[]): void {
    const at = steady();
    let next = Infinity;
    for (const [conversationId, { shown }] of known.rooms) {
      for (const [userId, { state, until }] of shown) {
        if (until + keptAfter <= at) shown.delete(userId);
        const key = keyOf(conversationId, userId);
        const from = states.get(key);
        const to = until > at && userId != self() && users.get(userId)?.isOnline !== false ? state ?? undefined : undefined;
        if (to !== undefined) next = Math.min(next, until);
        if (from === to) continue;
        to === undefined ? states.delete(key) : states.set(key, to);
        events.push({ kind: 'state', userId, conversationId, from, to, cause: state !== null && until <= at ? 'expired' : cause });
      }
    }

    clearTimeout(timer);
    if (next < Infinity) timer = setTimeout(() => update('expired'), next - at);
  }

  function room(id: string): PresenceRoom | undefined {
    const cached = rooms.get(id) ?? { generation: -1, text: '' };
    if (cached.generation != generation) {
      rooms.set(id, cached);
      cached.generation = generation;
      const value = known.rooms.has(id) ? valueOf(id) : undefined;
      const text = JSON.stringify(value);
      if (text != cached.text) Object.assign(cached, { text, value });
    }

    return cached.value;
  }

  function valueOf(conversationId: string): PresenceRoom {
    const source = known.rooms.get(conversationId)!;
    const named = membersOf(known, source).flatMap((id) => users.get(id) ?? []);
    const count = (status: string): number => named.filter((u) => u.status == status).length;
    const { mode, occupancy, whole } = source;
    return {
      conversationId,
      mode,
      // Of whom all who are here are named, messages change the counts too.
      occupancy: whole ? { members: named.length, online: count('online'), away: count('away') } : occupancy,
      users: named,
      states: Object.fromEntries([...source.shown.keys()].flatMap((id) => {
        const state = states.get(keyOf(conversationId, id));
        return state === undefined ? [] : [[id, state]];
      })),
      isWhole: whole,
    };
  }

  return {
    user: (id: string) => users.get(id),
    room,
    known,

    apply(change: Change): boolean | void {
      const stranger = apply(known, change, steady());
      update(change[0] == 'message' ? 'live' : 'resync');
      return stranger;
    },

    /** Another tab knows more, or the user has left: everything is different. */
    replace(by: Knowledge): void {
      Object.assign(known, by);
      update('resync');
    },

    /** @param wanted Called with 1 when somebody begins to listen, with -1 at the end. */
    store<T>(get: () => T, wanted: (by: number) => void = () => {}): Store<T> {
      return {
        get,
        subscribe(listener) {
          let last = get();
          const check = (): void => {
            if (last !== (last = get())) safely(listener, undefined);
          };
          subscriptions.add(check);
          wanted(1);
          return () => {
            if (subscriptions.delete(check)) wanted(-1);
          };
        },
      };
    },
  };
}
