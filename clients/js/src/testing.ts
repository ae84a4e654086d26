import type {
  Presence, PresenceChoice, PresenceConnection, PresenceEvents, PresenceMe, PresenceRoom, PresenceStatistics, PresenceUser, Store,
} from './types.js';

/** A presence for the tests of applications: it knows what a test sets, calls nobody, and remembers what was done with it. */
export interface FakePresence extends Presence {
  /** Somebody is so now. */
  setUser(userId: string, fields?: Partial<PresenceUser>): PresenceUser;
  /** A conversation is so now; who is in it becomes known by it. */
  setRoom(conversationId: string, fields?: Partial<PresenceRoom>): PresenceRoom;
  setMe(fields?: Partial<PresenceMe>): PresenceMe;
  setConnection(connection: PresenceConnection): void;
  fail(status: number, code?: string): void;
  /** What was called, in order: the name and what it was given. */
  readonly done: readonly (readonly [string, ...unknown[]])[];
  /** Whom and what somebody listens to at this moment: `user bob`, `room team`, `me`. */
  readonly watched: readonly string[];
}

export const someUser = (userId: string, fields: Partial<PresenceUser> = {}): PresenceUser => ({
  userId, isAnonymous: userId.startsWith('anon:'), isOnline: (fields.status ?? 'online') != 'offline', status: 'online',
  availability: fields.status && fields.status != 'online' ? fields.status : 'available', version: 1, ...fields,
});

export function fakePresence(userId = 'me'): FakePresence {
  const users = new Map<string, PresenceUser>();
  const rooms = new Map<string, PresenceRoom>();
  const watched = new Map<string, number>();
  const done: (readonly [string, ...unknown[]])[] = [];
  const listeners = new Set<() => void>();
  const events: { [K in keyof PresenceEvents]: Set<(argument: PresenceEvents[K]) => void> } = { change: new Set(), error: new Set() };
  let me: PresenceMe | undefined;
  let connection: PresenceConnection = { state: 'off' };
  let version = 1;

  const tell = (): void => listeners.forEach((check) => check());

  const store = <T>(get: () => T, keys: readonly string[]): Store<T> => ({
    get,
    subscribe(listener) {
      let last = get();
      const check = (): void => {
        if (last !== (last = get())) listener();
      };
      const count = (by: number): void => keys.forEach((key) => watched.set(key, (watched.get(key) ?? 0) + by));
      listeners.add(check);
      count(1);
      return () => {
        if (listeners.delete(check)) count(-1);
      };
    },
  });

  const know = (user: PresenceUser): void => {
    const from = users.get(user.userId);
    users.set(user.userId, user);
    events.change.forEach((listener) => listener({ kind: 'user', userId: user.userId, from, to: user, cause: 'live' }));
  };

  const fake: FakePresence = {
    connection: store(() => connection, []),
    me: store(() => me, ['me']),
    user: (id) => store(() => users.get(id), [`user ${id}`]),
    users(ids) {
      let last = ids.map((id) => users.get(id));
      return store(() => {
        const next = ids.map((id) => users.get(id));
        return next.some((u, i) => u !== last[i]) ? (last = next) : last;
      }, ids.map((id) => `user ${id}`));
    },
    room: (id) => store(() => rooms.get(id), [`room ${id}`]),
    start() {
      done.push(['start']);
      fake.setConnection({ state: 'live' });
    },
    stop() {
      done.push(['stop']);
      fake.setConnection({ state: 'off' });
    },
    async signOut() {
      done.push(['signOut']);
      fake.setConnection({ state: 'off', reason: 'signed_out' });
    },
    touch: () => void done.push(['touch']),
    async set(choice: PresenceChoice) {
      done.push(['set', choice]);
      return fake.setMe({ choice, ...(choice.availability && choice.availability != 'automatic' && choice.availability != 'invisible' && { availability: choice.availability }) });
    },
    show: (conversationId, state) => void done.push(['show', conversationId, state]),
    on(event, listener) {
      events[event].add(listener);
      return () => events[event].delete(listener);
    },
    statistics: (): PresenceStatistics => ({ calls: 0, heldBack: 0, shared: 0, resyncs: 0 }),
    setUser(id, fields) {
      const user = someUser(id, { version: ++version, ...fields });
      know(user);
      for (const [key, room] of rooms) {
        if (room.users.some((u) => u.userId == id)) rooms.set(key, { ...room, users: room.users.map((u) => u.userId == id ? user : u) });
      }

      tell();
      return user;
    },
    setRoom(conversationId, fields = {}) {
      const named = fields.users ?? [];
      const count = (status: string): number => named.filter((u) => u.status == status).length;
      const room: PresenceRoom = {
        conversationId, mode: 'names', occupancy: { members: named.length, online: count('online'), away: count('away') }, users: named, states: {}, isWhole: true, ...fields,
      };
      rooms.set(conversationId, room);
      named.forEach(know);
      tell();
      return room;
    },
    setMe(fields) {
      me = { ...someUser(userId), choice: null, applicationChoice: null, ...me, revision: ++version, ...fields };
      tell();
      return me;
    },
    setConnection(next) {
      connection = next;
      tell();
    },
    fail(status, code) {
      const failure = Object.assign(new Error(code ?? `${status}`), { status, code });
      events.error.forEach((listener) => listener(failure));
    },
    done,
    get watched() {
      return [...watched].flatMap(([key, count]) => count ? key : []);
    },
  };
  return fake;
}
