import type { PresenceConnection, PresenceMe, PresenceOccupancy, PresenceUser } from './types.js';

const mostHeard = 1_000;

/** How a user was in a message or an answer. `at` is the message's number, or that of the last change before asking. */
export interface Known { user: PresenceUser; at: number }

/**
 * What an answer said, whose version can be handed back. Nothing else goes in here: "nothing has changed since your version" speaks of what
 * that version said, and not of what messages told between.
 */
export type Base = Map<string, Known>;

export interface Room {
  base: Base;
  version?: string;
  /** The last change before its newest answer was asked for. */
  at: number;
  mode: 'names' | 'counts';
  occupancy: PresenceOccupancy;
  /** Whether `base` is the roster, which names all members, and `version` is the roster's; else it is of a snapshot. */
  whole: boolean;
  shown: Map<string, Shown>;
}

/** What a member shows of itself, until when. Its version is kept, so that nothing late brings it back. */
export interface Shown { state: unknown; version: number; until: number }

/** Everything a tab knows. It is changed by nothing but `apply`, so that tabs which apply the same in the same order know the same. */
export interface Knowledge {
  /** How many changes there have been that all tabs apply; what a tab sets for itself is none. */
  seq: number;
  /** By user, messages that may stand over an answer: the later they came, the smaller their version. */
  heard: Map<string, Known[]>;
  rooms: Map<string, Room>;
  /** Those who are watched; `version` is about `ids`. */
  watched: { base: Base; version?: string; ids: readonly string[] };
  me: PresenceMe | undefined;
  connection: PresenceConnection;
  pace: Pace;
}

/** What the server knows of the user's activity, and when it wants to hear more; moments by the clock of this device. */
export interface Pace { told: number; next: number; token?: string }

export interface RosterAnswer { occupancy: PresenceOccupancy; users: PresenceUser[]; isComplete: boolean; version: string; mode: 'names' | 'counts'; nextAfter?: string | null }
export interface Snapshot { conversations: (RosterAnswer & { conversationId: string })[] }

/** What changes knowledge: the name of a rule below, and what it takes. Each can be sent to other tabs as it is. */
export type Change = { [K in keyof Rules]: [K, ...Parameters<Rules[K]>] }[keyof Rules];

type Rules = ReturnType<typeof rulesOf>;

export const nothing = (): Knowledge => ({
  seq: 0, heard: new Map(), rooms: new Map(), watched: { base: new Map(), ids: [] }, connection: { state: 'off' }, pace: { told: 0, next: 0 }, me: undefined,
});

/**
 * How a user is: as the answer says that was asked for last, or as a message says that came after asking and has a larger version.
 */
export function viewOf({ heard, rooms, watched }: Knowledge, id: string): PresenceUser | undefined {
  let best = watched.base.get(id);
  let at = rooms.size ? Infinity : 0;
  for (const room of rooms.values()) {
    const known = room.base.get(id);
    at = Math.min(at, room.at);
    if (known && !(best && best.at >= known.at)) best = known;
  }

  const message = heard.get(id)?.find((m) => m.at > (best ?? { at }).at)?.user;
  return message && !(best && best.user.version >= message.version) ? message : best?.user;
}

/** Who is in a conversation. Of the only one, whoever is heard of and not watched is a member: no message says of which. */
export const membersOf = (known: Knowledge, { base, at, mode, whole }: Room): string[] => [
  ...base.keys(),
  ...[...known.heard].flatMap(([id, messages]) =>
    mode == 'names' && known.rooms.size < 2 && messages.at(-1)!.at > at && !known.watched.base.has(id) && !isMember(known, id) && (whole || viewOf(known, id)?.isOnline) ? id : []),
];

/** Everybody of whom anything is known. */
export const everybody = ({ heard, rooms, watched }: Knowledge): string[] =>
  [heard, watched.base, ...[...rooms.values()].map((r) => r.base)].flatMap((of: Map<string, unknown>) => [...of.keys()]);

const isMember = ({ rooms }: Knowledge, id: string): boolean => [...rooms.values()].some((r) => r.base.has(id));

/** @returns Whether somebody came of whom is not known in which conversation. */
export function apply(known: Knowledge, [rule, ...what]: Change, now: number): boolean | void {
  // A tab sets some things for itself alone: these do not count, so that the number is the same in all tabs.
  if (rule != 'set') known.seq++;
  return (rulesOf(known, now)[rule] as (...what: any) => boolean | void)(...what);
}

const rulesOf = (known: Knowledge, now: number) => {
  const { rooms, watched, heard } = known;

  const put = (base: Base, users: PresenceUser[], at: number): void => users.forEach((user) => base.set(user.userId, { user, at }));

  const say = (id: string, { occupancy, mode }: Pick<Room, 'occupancy' | 'mode'>): Room => {
    const room = { base: new Map(), at: -1, whole: false, shown: new Map(), ...rooms.get(id), occupancy, mode };
    rooms.set(id, room);
    if (mode == 'counts') {
      room.base.clear();
      room.whole = false;
    }

    return room;
  };

  /**
   * What an answer, or a snapshot, says of a conversation. Without an answer nothing has changed. Whom a roster does not name is as its
   * version said, whatever messages said before; whom a snapshot does not name is not known.
   */
  function take(id: string, at: number, answer?: RosterAnswer, isRoster = false): void {
    const room = answer ? say(id, answer) : rooms.get(id);
    if (!room) return;
    const { base, shown } = room;
    if (answer) {
      const { users, version, isComplete, nextAfter } = answer;
      room.version = version;
      room.whole = isRoster && room.mode == 'names' && !nextAfter;
      if (isComplete || !isRoster) base.clear();
      if (room.mode == 'names') put(base, users, at);
      // All are named: who is not is no member any more, or not here.
      if (isComplete && !nextAfter) shown.forEach((one, user) => users.some((u) => u.userId == user) || (one.state = null));
    }

    room.at = at;
    base.forEach((entry) => (entry.at = at));

    // Of a crowd that has gone, what every answer has overtaken need not be kept.
    const least = Math.min(...[...rooms.values()].map((r) => r.at));
    for (const [user, messages] of heard) {
      if (heard.size > mostHeard && messages.at(-1)!.at <= least && !watched.base.has(user)) heard.delete(user);
    }
  }

  const message = {
    user(all: PresenceUser[]): boolean {
      let stranger = false;
      for (const { joined, ...user } of all as (PresenceUser & { joined?: string })[]) {
        const id = user.userId;
        const messages = heard.get(id) ?? [];
        const room = rooms.get(joined!);
        stranger ||= (rooms.size > 1 || watched.base.has(id)) && (room ? !room.base.has(id) : user.isOnline && !viewOf(known, id)?.isOnline && !isMember(known, id));
        heard.delete(id);
        heard.set(id, [...messages.filter((m) => m.user.version > user.version), { user, at: known.seq }]);
      }

      return stranger;
    },
    state(all: any[]): void {
      for (const { conversationId, userId, state, version, ttlSeconds } of all) {
        const shown = rooms.get(conversationId)?.shown;
        if (shown && !(shown.get(userId)?.version! >= version)) shown.set(userId, { state, version, until: now + ttlSeconds * 1000 });
      }
    },
    conversation([argument]: any[]): void {
      const { conversationId, mode = 'counts', occupancy: { members, online, away } = argument } = argument;
      if (rooms.has(conversationId)) say(conversationId, { mode, occupancy: { members, online, away } });
    },
    presence: ([me]: PresenceMe[]): void => rules.set({ me: me! }),
  };

  const rules = {
    message(name: string, argument: any): boolean | void {
      const [of, what] = name.split(':') as [keyof typeof message, string];
      return message[what == 'state' ? what : of]([argument].flat());
    },

    /** `wants`: what somebody listens to. Rosters of such conversations are asked for again at once: what is known of them stays until then. */
    snapshot(at: number, first: boolean, { conversations }: Snapshot, wants: readonly string[]): void {
      if (first) for (const id of rooms.keys()) if (!conversations.some((c) => c.conversationId == id)) rooms.delete(id);
      for (const c of conversations) {
        const id = c.conversationId;
        if (!(c.mode == 'names' && rooms.get(id)?.whole && wants.includes('r' + id))) take(id, at, c);
      }
    },

    roster: (id: string, at: number, answer?: RosterAnswer): void => take(id, at, answer, true),

    gone: (id: string): void => void rooms.delete(id),

    /** `ids` are watched from now on. Without a version the answer is about those whom it names. */
    watched(ids: readonly string[], at: number, users: PresenceUser[], isComplete: boolean, version?: string): void {
      const { base } = watched;
      if (version && isComplete) base.clear();
      put(base, users, at);
      for (const id of base.keys()) if (!ids.includes(id)) base.delete(id);
      // What was added since, or again, is not what the version is about.
      watched.ids = version ? ids : watched.ids.filter((id) => ids.includes(id) && !users.some((u) => u.userId == id));
      if (version) {
        watched.version = version;
        base.forEach((entry) => (entry.at = at));
      }
    },

    set(values: Partial<Knowledge>): void {
      if (!(known.me?.revision! > values.me?.revision!)) Object.assign(known, values);
    },
  };
  return rules;
};
