import { apply, everybody, membersOf, nothing, viewOf, type Change } from './knowledge.js';
import type { PresenceCause, PresenceChange, PresenceRoom, PresenceUser, Store } from './types.js';
import { safely, steady } from './surroundings.js';

const keptAfter = 60_000;

/** No id of a conversation holds a space. */
const keyOf = (conversationId: string, userId: string): string => `${conversationId} ${userId}`;

/**
 * What a tab shows of what it knows: values that stay the same reference while nothing is different, and who is told of changes.
 * `want` is told what somebody begins to listen to, or ends.
 */
export function createViews(self: () => string | undefined, changed: (change: PresenceChange) => void, want: (keys: readonly string[], isOver?: boolean) => void) {
  const known = nothing();
  let generation = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const users = new Map<string, PresenceUser>();
  const rooms = new Map<string, () => PresenceRoom | undefined>();
  /** What is shown at this moment, by conversation and user. */
  const states = new Map<string, unknown>();
  const subscriptions = new Set<() => void>();

  function update(cause: PresenceCause): void {
    const events: any[] = [];
    const show = <T>(shown: Map<string, T>, key: string, to: T | undefined, event: Partial<PresenceChange>): void => {
      const from = shown.get(key);
      if (from === to || JSON.stringify(from) == JSON.stringify(to)) return;
      to === undefined ? shown.delete(key) : shown.set(key, to);
      events.push({ cause, from, to, ...event });
    };
    generation++;
    for (const userId of [...users.keys(), ...everybody(known)]) {
      const from = users.get(userId);
      show(users, userId, viewOf(known, userId), { kind: 'user', userId });
      // Who leaves shows nothing any more, and not again when coming back.
      if (from?.isOnline && users.get(userId)?.isOnline == false) known.rooms.forEach(({ shown }) => Object.assign(shown.get(userId) ?? {}, { state: null }));
    }

    // What members show holds until its time is over, and only of those who are here.
    const at = steady();
    let next = Infinity;
    for (const [conversationId, { shown }] of known.rooms) {
      for (const [userId, { state, until }] of shown) {
        const isOver = until <= at;
        if (until + keptAfter <= at) shown.delete(userId);
        const to = isOver || userId == self() || users.get(userId)?.isOnline == false ? undefined : state ?? undefined;
        if (to !== undefined) next = Math.min(next, until);
        show(states, keyOf(conversationId, userId), to, { kind: 'state', userId, conversationId, ...(isOver && state !== null && { cause: 'expired' }) });
      }
    }

    clearTimeout(timer);
    if (next < Infinity) timer = setTimeout(() => update('expired'), next - at);
    subscriptions.forEach((check) => check());
    events.forEach(changed);
  }

  /** The same reference while nothing in it is different. */
  function kept<T>(get: () => T): () => T {
    let computed = -1;
    let text: string | undefined = '';
    let value: T;
    return () => {
      if (computed != generation) {
        computed = generation;
        const next = get();
        if (text != (text = JSON.stringify(next))) value = next;
      }

      return value;
    };
  }

  function roomOf(conversationId: string): PresenceRoom | undefined {
    const source = known.rooms.get(conversationId);
    if (!source) return;
    const named = membersOf(known, source).flatMap((id) => users.get(id) ?? []);
    const count = (status: string): number => named.filter((u) => u.status == status).length;
    const { mode, occupancy, whole } = source;
    return {
      conversationId,
      mode,
      // Of whom all who are here are named, messages change the counts too.
      occupancy: whole ? { members: named.length, online: count('online'), away: count('away') } : occupancy,
      users: named,
      states: Object.fromEntries([...source.shown.keys()].map((id) => [id, states.get(keyOf(conversationId, id))]).filter(([, state]) => state !== undefined)),
      isWhole: whole,
    };
  }

  const store = <T>(get: () => T, keys: readonly string[] = []): Store<T> => ({
    get,
    subscribe(listener) {
      let last = get();
      const check = (): void => {
        if (last !== (last = get())) safely(listener, undefined);
      };
      subscriptions.add(check);
      want(keys);
      return () => {
        if (subscriptions.delete(check)) want(keys, true);
      };
    },
  });

  return {
    known,

    apply(change: Change): boolean | void {
      const stranger = apply(known, change, steady());
      update(change[0] == 'message' ? 'live' : 'resync');
      return stranger;
    },

    /** What there is to listen to. */
    stores: {
      connection: store(() => known.connection),
      me: store(() => known.me, ['m']),
      user: (id: string) => store(() => users.get(id), ['u' + id]),
      users: (ids: readonly string[]) => store(kept(() => ids.map((id) => users.get(id))), ids.map((id) => 'u' + id)),
      room(id: string) {
        const get = rooms.get(id) ?? kept(() => roomOf(id));
        rooms.set(id, get);
        return store(get, ['r' + id]);
      },
    },
  };
}
