import type { PresenceConnection, PresenceMe, PresenceOccupancy, PresenceUser } from './types.js';

/** How a user was in a message or an answer. `at` is the message's number, or that of the last change before asking. */
export interface Known { user: PresenceUser; at: number }

/** What an answer said, whose version can be handed back: of a conversation, or of those who are watched. */
export interface Source { base: Map<string, Known>; version?: string }

export interface Room extends Source {
  /** The last change before its newest answer was asked for. */
  at: number;
  mode: 'names' | 'counts';
  occupancy: PresenceOccupancy;
  /** Whether `base` comes from the roster, which names all members, and `version` is the roster's; else from a snapshot. */
  whole: boolean;
  shown: Map<string, Shown>;
}

/** What a member shows of itself, until when. Its version is kept, so that nothing late brings it back. */
export interface Shown { state: unknown; version: number; until: number }

/** Everything a tab knows. It is changed by nothing but `apply`, so that tabs which apply the same in the same order know the same. */
export interface Knowledge {
  /** How many changes there have been. */
  seq: number;
  /** By user, messages that may stand over an answer: the later they came, the smaller their version. */
  heard: Map<string, Known[]>;
  /**
   * Answers that no version is about: snapshots, and who was added to those watched. They are kept apart from rosters, because "nothing
   * has changed since your version" speaks of what that version said, and not of what was told between.
   */
  told: Map<string, Known>;
  rooms: Map<string, Room>;
  /** `ids` are those whom `version` is about. */
  watched: Source & { ids: ReadonlySet<string> };
  me?: PresenceMe;
  connection: PresenceConnection;
  pace: Pace;
}

/** What the server knows of the user's activity, and when it wants to hear more; moments by the clock of this device. */
export interface Pace { told: number; next: number; token?: string }

export interface SnapshotRoom { conversationId: string; occupancy: PresenceOccupancy; users: PresenceUser[]; isComplete: boolean; version: string; mode: 'names' | 'counts' }
export interface Snapshot { conversations: SnapshotRoom[]; users: PresenceUser[] }
export interface RosterAnswer { occupancy: PresenceOccupancy; users: PresenceUser[]; isComplete: boolean; version: string; mode: 'names' | 'counts' }

/** What changes knowledge. Each can be sent to other tabs as it is. */
export type Change =
  | { type: 'message'; name: string; argument: any }
  | { type: 'snapshot'; snapshot: Snapshot; at: number; first: boolean }
  | { type: 'roster'; room: string; at: number; answer?: RosterAnswer }
  | { type: 'gone'; room: string }
  | { type: 'watched'; at: number; users: PresenceUser[]; isComplete: boolean; ids?: ReadonlySet<string>; version?: string }
  | { type: 'unwatched'; ids: string[] }
  | { type: 'me'; me: PresenceMe }
  | { type: 'connection'; connection: PresenceConnection }
  | { type: 'pace'; pace: Pace };

export const nothing = (): Knowledge => ({
  seq: 0, heard: new Map(), told: new Map(), rooms: new Map(), watched: { base: new Map(), ids: new Set() },
  connection: { state: 'off' }, pace: { told: 0, next: 0 },
});

/** What the answer that was asked for last says of a user; and which messages came later. */
function answered(known: Knowledge, id: string): { best?: PresenceUser; at: number } {
  let best: Known | undefined;
  let oldest = known.rooms.size ? Infinity : 0;
  for (const { base, at } of [{ base: known.told, at: Infinity }, { base: known.watched.base, at: Infinity }, ...known.rooms.values()]) {
    const entry = base.get(id);
    oldest = Math.min(oldest, at);
    if (entry && !(best && best.at >= entry.at)) best = entry;
  }

  return { best: best?.user, at: best ? best.at : oldest };
}

/**
 * How a user is: as the answer says that was asked for last, or as a message says that came after asking and has a larger version.
 */
export function viewOf(known: Knowledge, id: string): PresenceUser | undefined {
  const { best, at } = answered(known, id);
  const message = known.heard.get(id)?.find((m) => m.at > at)?.user;
  return message && !(best && best.version >= message.version) ? message : best;
}

/** Who is in a conversation. Of the only one, whoever is heard of and not watched is a member: no message says of which. */
export function membersOf(known: Knowledge, room: Room): string[] {
  const ids = [...room.base.keys()];
  if (room.mode == 'names' && known.rooms.size < 2) {
    for (const [id, messages] of known.heard) {
      if (messages.at(-1)!.at > room.at && !room.base.has(id) && !known.watched.base.has(id) && viewOf(known, id)?.isOnline) ids.push(id);
    }
  }

  return ids;
}

/**
 * @returns The users of whom something else may be known now; and whether somebody came of whom is not known in which conversation.
 */
export function apply(known: Knowledge, change: Change, now: number): { touched: Set<string>; stranger?: boolean } {
  const touched = new Set<string>();
  let stranger = false;
  const { rooms, watched, told, heard } = known;

  const put = (base: Map<string, Known>, users: PresenceUser[], at: number): void => {
    for (const user of users) {
      base.set(user.userId, { user, at });
      touched.add(user.userId);
    }
  };

  const clear = (base: Map<string, Known>): void => {
    for (const id of base.keys()) touched.add(id);
    base.clear();
  };

  /** What an answer does not name of those whom it is about is as its version said, whatever messages said before. */
  const cover = (base: Map<string, Known>, at: number): void => {
    for (const [id, entry] of base) {
      entry.at = at;
      touched.add(id);
    }

    for (const [id, messages] of heard) {
      const left = messages.filter((m) => m.at > answered(known, id).at);
      touched.add(id);
      left.length ? heard.set(id, left) : heard.delete(id);
    }
  };

  const leave = (id: string): void => {
    clear(rooms.get(id)?.base ?? new Map());
    rooms.delete(id);
  };

  const roomOf = (id: string, say?: { occupancy: PresenceOccupancy; mode: 'names' | 'counts' }): Room => {
    let room = rooms.get(id);
    if (!room) rooms.set(id, room = { base: new Map(), at: -1, mode: 'names', occupancy: { members: 0, online: 0, away: 0 }, whole: false, shown: new Map() });
    if (say) {
      room.occupancy = say.occupancy;
      room.mode = say.mode;
      if (say.mode == 'counts') {
        clear(room.base);
        room.whole = false;
      }
    }

    return room;
  };

  /** Who is not named is no member any more, or not here. */
  const onlyShownBy = (room: Room, users: PresenceUser[]): void => {
    for (const [id, shown] of room.shown) {
      if (!users.some((u) => u.userId == id)) shown.state = null;
    }
  };

  const hear = (user: PresenceUser): void => {
    const id = user.userId;
    const was = viewOf(known, id);
    heard.set(id, [...(heard.get(id) ?? []).filter((m) => m.user.version > user.version), { user, at: known.seq }]);
    touched.add(id);
    stranger ||= user.isOnline && !was?.isOnline && (rooms.size > 1 || watched.base.has(id)) && ![...rooms.values()].some((r) => r.base.has(id));
  };

  known.seq++;
  switch (change.type) {
    case 'message': {
      const { name, argument } = change;
      if (name.startsWith('user')) {
        [argument].flat().forEach(hear);
      } else if (name.startsWith('conversation:state')) {
        for (const { conversationId, userId, state, version, ttlSeconds } of [argument].flat()) {
          const shown = rooms.get(conversationId)?.shown;
          if (shown && !(shown.get(userId)?.version! >= version)) {
            shown.set(userId, { state, version, until: now + ttlSeconds * 1000 });
            touched.add(userId);
          }
        }
      } else if (name == 'presence:me') {
        return apply(known, { type: 'me', me: argument }, now);
      } else if (rooms.has(argument.conversationId)) {
        const { members, online, away } = argument.occupancy ?? argument;
        roomOf(argument.conversationId, { mode: argument.mode ?? 'counts', occupancy: { members, online, away } });
      }

      break;
    }

    case 'snapshot': {
      const { snapshot, at, first } = change;
      if (first) {
        for (const id of rooms.keys()) if (!snapshot.conversations.some((c) => c.conversationId == id)) leave(id);
        for (const id of told.keys()) if (!watched.base.has(id)) told.delete(id), touched.add(id);
      }

      for (const c of snapshot.conversations) {
        const room = roomOf(c.conversationId, c);
        put(told, c.users, at);
        // A roster that was read stays what its version is about.
        if (!room.whole) {
          clear(room.base);
          put(room.base, c.users, at);
          room.at = at;
        }

        if (c.isComplete) onlyShownBy(room, c.users);
      }

      put(told, snapshot.users, at);
      break;
    }

    case 'roster': {
      const { answer, at } = change;
      const room = roomOf(change.room, answer);
      room.at = at;
      if (answer) {
        room.whole = room.mode == 'names';
        room.version = answer.version;
        if (answer.isComplete) {
          clear(room.base);
          onlyShownBy(room, answer.users);
        }

        if (room.whole) put(room.base, answer.users, at);
      }

      cover(room.base, at);
      break;
    }

    case 'gone':
      leave(change.room);
      break;

    case 'watched': {
      const { at, users, isComplete, ids, version } = change;
      if (ids) {
        if (isComplete) clear(watched.base);
        put(watched.base, users, at);
        watched.version = version;
        watched.ids = ids;
        for (const id of watched.base.keys()) if (!ids.has(id)) watched.base.delete(id);
        cover(watched.base, at);
      } else {
        put(told, users, at);
        put(watched.base, users.filter((u) => !watched.base.has(u.userId)), at);
      }

      break;
    }

    case 'unwatched':
      for (const id of change.ids) {
        watched.base.delete(id);
        told.delete(id);
        touched.add(id);
      }

      break;

    case 'me':
      if (!(known.me && known.me.revision > change.me.revision)) known.me = change.me;
      break;

    case 'connection':
      known.connection = change.connection;
      break;

    case 'pace':
      known.pace = change.pace;
  }

  return { touched, stranger };
}
