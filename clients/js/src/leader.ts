import { backoff } from './backoff.js';
import type { Call } from './http.js';
import type { Change, Knowledge } from './knowledge.js';
import type { Link, Surroundings } from './surroundings.js';
import type { PresenceFailure } from './types.js';

const snapshotWithin = 10_000;
const steadyAfter = 30_000;
const resyncEvery = 3_600_000;
const strangersWithin = 5_000;
const mostBetweenReads = 300_000;
const countsWithin = 30_000;
const mostWatched = 500;

export interface Leadership {
  call: Call;
  known: Knowledge;
  /** @returns Whether somebody came of whom is not known in which conversation. */
  change(...change: Change): boolean | void;
  /** What somebody listens to, in any tab: `u` and a user, `r` and a conversation, `m`. */
  wants(): string[];
  counts: { resyncs: number };
  /** A call has failed. @returns Whether it makes sense to try again. */
  failed(failure: PresenceFailure): boolean;
  /** What negotiating is told of this device. */
  device(): object;
}

/** What one tab does for all: it holds the connection, and keeps what is known up to date. */
export function createLeader(connect: Surroundings['connect'], { call, known, wants, counts, device, ...to }: Leadership) {
  let ended = false;
  let link: Link | undefined;
  let wake = (): void => {};
  /** Calls that bring knowledge up to date are made one after another. */
  let syncing = Promise.resolve();
  /** Whom the connection watches, as far as known. */
  let sent: string[] | undefined;
  /** Conversations that have been read since something may have been missed; and `m`. */
  const fresh = new Set<string>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let hour: ReturnType<typeof setTimeout> | undefined;
  /** The connection that is open, or being welcomed. */
  let opened: Link | undefined;
  /** A call about whom the connection watches may have been done, or not. */
  let isUnsure = false;
  /** After a failure everything waits for this. */
  let retry: ReturnType<typeof setTimeout> | undefined;
  let syncFailures = 0;
  let strangers: unknown;
  let strangersRead = 0;

  const change: Leadership['change'] = (...what) => !ended && to.change(...what);
  const failed = (e: any): boolean => {
    e.status ??= 0;
    return !ended && to.failed(e);
  };
  const after = (ms: number, action: () => void): unknown => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    return timers.add(timer);
  };
  const wanted = (kind: string): string[] => wants().flatMap((key) => key[0] == kind ? key.slice(1) : []);

  const connection = (state: 'connecting' | 'live' | 'stale'): void => {
    if (known.connection.state != state) change('set', { connection: { state } });
  };

  /** Connects, waits, and connects again, until it is told to end or the user has signed out. */
  async function run(): Promise<void> {
    for (let failures = 0; !ended;) {
      const since = Date.now();
      let retryAfter: number | undefined;
      connection(known.rooms.size || known.watched.base.size ? 'stale' : 'connecting');
      try {
        await session();
        if (Date.now() - since > steadyAfter) failures = 0;
      } catch (e) {
        if (!failed(e)) return;
        ({ retryAfter } = e as PresenceFailure);
      }

      const wait = backoff(failures++, retryAfter);
      change('set', { connection: { state: 'waiting', until: Date.now() + wait } });
      await new Promise<void>((resolve) => {
        // What the server asks for is kept to, whatever seems to have become better here.
        if (!retryAfter) wake = resolve;
        after(wait, resolve);
      });
    }
  }

  /** One connection, from negotiating until it is lost. */
  async function session(): Promise<void> {
    const { data } = await call('POST', 'negotiate', { body: device() });
    const at = known.seq;
    let queue: [string, any][] | undefined = [];
    // The connection is known to the functions when its snapshot has come.
    const begin = (): void => {
      if (ended || queue || !opened) return;
      link = opened;
      isUnsure = false;
      renew();
    };
    const { stop, lost } = opened = await connect(data, (name, argument) => {
      if (name == 'presence:snapshot') {
        change('snapshot', at, !!queue, argument, wanted('r'));
        // Messages that came before the snapshot count after it, so that none is taken for news that it knows already.
        queue?.forEach((message) => hear(...message));
        queue = undefined;
        begin();
      } else if (queue) {
        queue.push([name, argument]);
      } else {
        hear(name, argument);
      }
    });
    if (ended) return stop();
    begin();
    after(snapshotWithin, () => queue && stop());
    await lost;
    link = opened = undefined;
    // The pace and the token were those of one who holds a connection.
    change('set', { pace: { told: known.pace.told, next: 0 } });
  }

  function hear(name: string, argument: any): void {
    if (name == 'conversation:left') change('gone', argument.conversationId);
    const stranger = change('message', name, argument);
    if (name == 'conversation:mode') {
      fresh.delete('r' + argument.conversationId);
      // A large conversation does not name them any more. This comes to all of its members at once.
      after(Math.random() * countsWithin, argument.mode == 'counts' ? watchAnew : sync);
    }

    // Somebody came, and no message says where: perhaps here. The more often that was asked for, the rarer it is.
    if (stranger && wanted('r').some((id) => known.rooms.get(id)?.mode == 'names')) {
      strangers ??= after(Math.random() * Math.min(strangersWithin * 2 ** strangersRead++, mostBetweenReads), () => {
        strangers = undefined;
        wanted('r').forEach((id) => fresh.delete('r' + id));
        sync();
      });
    }
  }

  function watchAnew(): void {
    sent = undefined;
    sync();
  }

  /** Something may have been missed: everything is asked for again, since the version that is known. */
  function renew(): void {
    clearTimeout(hour);
    hour = setTimeout(renew, resyncEvery);
    if (known.connection.state != 'connecting') counts.resyncs++;
    fresh.clear();
    clearTimeout(retry);
    retry = undefined;
    strangersRead = 0;
    watchAnew();
  }

  /** Makes what is known, and what the connection hears, what somebody listens to. After a failure once, for all that came meanwhile. */
  function sync(): void {
    syncing = syncing.then(async () => {
      const on = link;
      if (!on || retry) return;
      const all = await Promise.allSettled([watch(wanted('u').slice(0, mostWatched), on.id), ...wants().map((key) => key[0] != 'u' && read(key))]);
      const { reason } = all.find((one) => one.status == 'rejected') ?? { reason: undefined };
      if (!reason) {
        syncFailures = 0;
        if (on == link) connection('live');
      } else if (failed(reason) && on == link) {
        retry = setTimeout(() => {
          retry = undefined;
          sync();
        }, backoff(syncFailures++, reason.retryAfter));
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
    if (!add.length && !remove.length && !isUnsure) {
      // Nobody is listened to any more since the connection before.
      if (!ids.length && watched.base.size) change('watched', [], seq, [], true);
      return;
    }

    // Until the answer says that it was done, it may have been done in part; the whole list puts that right.
    sent = undefined;
    isUnsure = true;
    // A version is good for the ids that it is about, and for no others.
    const since = watched.version && ids.every((id) => watched.ids.includes(id)) ? `?since=${watched.version}` : '';
    try {
      const { data: { users, isComplete, version } } = await (isWhole
        ? call('PUT', 'watches' + since, { body: { connectionId, ids } })
        : call('PATCH', 'watches', { body: { connectionId, add, remove } }));
      change('watched', ids, seq, users, isComplete, isWhole ? version : undefined);
    } catch (e) {
      // A list that is refused is not made better by sending it again.
      if ((e as PresenceFailure).status != 400 || !failed(e)) throw e;
    }

    sent = ids;
    isUnsure = false;
  }

  /** Reads a conversation, or the caller itself, unless that was done since something may have been missed. */
  async function read(key: string): Promise<void> {
    const id = key.slice(1);
    const { seq, rooms } = known;
    const room = rooms.get(id);
    if (fresh.has(key) || room?.mode == 'counts') return;
    fresh.add(key);
    try {
      const { data, status } = await call('GET', id ? `conversations/${id}/presence?limit=1000&since=${room?.whole && room.version || 0}` : 'presence/me');
      if (id) change('roster', id, seq, status == 304 ? undefined : data);
      else change('set', { me: data });
    } catch (e) {
      const { status } = e as PresenceFailure;
      if (![403, 404].includes(status) || !failed(e)) {
        fresh.delete(key);
        throw e;
      }

      change('gone', id);
    }
  }

  return {
    run,
    sync,
    connectionId: () => link?.id,
    wake: () => wake(),
    end(): void {
      ended = true;
      [hour, retry, ...timers].forEach(clearTimeout);
      opened?.stop();
      link = opened = undefined;
    },
  };
}
