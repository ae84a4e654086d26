import { backoff } from './backoff.js';
import type { After, Leadership, Session } from './leader.js';
import type { PresenceFailure } from './types.js';

const resyncEvery = 3_600_000;
const strangersWithin = 5_000;
const mostBetweenReads = 300_000;
const countsWithin = 30_000;
const mostWatched = 500;

/** Keeps what is known up to date while there is a connection: whom it watches, and what is read beside it. */
export function createUpkeep(
  { call, known, change, wants, counts, failed }: Leadership, live: Session, connection: (state: 'live') => void, after: After, timers: Record<string, unknown>,
) {
  /** Calls that bring knowledge up to date are made one after another. */
  let syncing = Promise.resolve();
  let failures = 0;
  /** Whom the connection watches and need not be told again; not known while a call about it may have been done, or not. */
  let sent: string[] | undefined;
  /** What has been read since something may have been missed: conversations, and `m`. */
  const fresh = new Set<string>();
  let strangersRead = 0;

  const wanted = (kind: string): string[] => wants().flatMap((key) => key[0] == kind ? key.slice(1) : []);
  const isIn = (mode: string) => (id: string): boolean => known.rooms.get(id)?.mode == mode;

  function hear(name: string, argument: any): void {
    if (name == 'conversation:left') change('gone', argument.conversationId);
    const stranger = change('message', name, argument);
    if (name == 'conversation:mode') {
      const { conversationId, mode } = argument;
      const isCounts = mode == 'counts';
      fresh[isCounts ? 'add' : 'delete']('r' + conversationId);
      // A large conversation does not name them any more. This comes to all of its members at once.
      after(conversationId, Math.random() * countsWithin, () => {
        if (isCounts) sent &&= [];
        sync();
      });
    }

    // Somebody came, and no message says where: perhaps here. The more often that was asked for, the rarer it is.
    if (stranger && !timers['strangers'] && wanted('r').some(isIn('names'))) {
      after('strangers', Math.random() * Math.min(strangersWithin * 2 ** strangersRead++, mostBetweenReads), () => {
        wanted('r').filter(isIn('names')).forEach((id) => fresh.delete('r' + id));
        sync();
      });
    }
  }

  /** Something may have been missed: everything is asked for again, since the version that is known, as soon as the server is not to be left alone. */
  function renew(): void {
    after('hour', resyncEvery, renew);
    if (known.connection.state != 'connecting') counts.resyncs++;
    fresh.clear();
    strangersRead = 0;
    sent &&= [];
    sync();
  }

  /** Makes what is known, and what the connection hears, what somebody listens to. After a failure once, for all that came meanwhile. */
  function sync(): void {
    syncing = syncing.then(async () => {
      const on = live.id;
      if (!on || timers['retry']) return;
      const all = await Promise.allSettled([watch(wanted('u').slice(0, mostWatched), on), ...wants().map((key) => key[0] != 'u' && read(key))]);
      const reason = all.flatMap((one) => one.status == 'rejected' ? one.reason : [])[0];
      if (!reason) {
        failures = 0;
        if (on == live.id) connection('live');
      } else if (failed(reason) && on == live.id) {
        after('retry', backoff(failures++, reason.retryAfter), sync);
      }
    });
  }

  async function watch(ids: string[], connectionId: string): Promise<void> {
    const { seq, watched } = known;
    // The first list of a connection is sent as a whole, so that its version is about all of it.
    const before = sent ?? [];
    const isWhole = !before.length;
    const add = ids.filter((id) => !before.includes(id));
    const remove = before.filter((id) => !ids.includes(id));
    if (sent && !add.length && !remove.length) {
      // Nobody is listened to any more since the connection before.
      if (!ids.length && watched.base.size) change('watched', [], seq, [], true);
      return;
    }

    // Until the answer says that it was done, it may have been done in part; the whole list puts that right.
    sent = undefined;
    // A version is good for the ids that it is about, and for no others.
    const since = watched.version && ids.every((id) => watched.ids.includes(id)) ? `?since=${watched.version}` : '';
    try {
      const { data: { users, isComplete, version } } = await (isWhole
        ? call('PUT', 'watches' + since, { body: { connectionId, ids } })
        : call('PATCH', 'watches', { body: { connectionId, add, remove } }));
      change('watched', ids, seq, users, isComplete, isWhole ? version : undefined);
    } catch (e) {
      // A list that is refused is not made better by sending it again.
      if ((e as PresenceFailure).status != 400 || !failed(e as PresenceFailure)) throw e;
    }

    sent = ids;
  }

  /** Reads a conversation, or the caller itself, unless that was done since something may have been missed. */
  async function read(key: string): Promise<void> {
    if (fresh.has(key)) return;
    fresh.add(key);
    const id = key.slice(1);
    const { seq, rooms } = known;
    const room = rooms.get(id);
    const isCounts = room?.mode == 'counts';
    try {
      // Of a large conversation the counts are read, and whether the user is still in it.
      const { data } = await call('GET', id
        ? `conversations/${encodeURIComponent(id)}/presence?limit=${isCounts ? 1 : 1000}&since=${room?.whole && room.version || 0}`
        : 'presence/me');
      if (id) change('roster', id, seq, data);
      else change('set', { me: data });
      if (isCounts && isIn('names')(id)) {
        fresh.delete(key);
        await read(key);
      }
    } catch (e) {
      if (![403, 404].includes((e as PresenceFailure).status) || !failed(e as PresenceFailure)) {
        fresh.delete(key);
        throw e;
      }

      change('gone', id);
    }
  }

  return {
    hear,
    sync,
    /** A new connection has told what it knows: it watches nobody yet. */
    begin(): void {
      sent = [];
      renew();
      // The snapshot has told the counts of large conversations.
      [...known.rooms.keys()].filter(isIn('counts')).forEach((id) => fresh.add('r' + id));
    },
  };
}
