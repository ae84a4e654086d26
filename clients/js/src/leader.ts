import { backoff } from './backoff.js';
import type { Call } from './http.js';
import type { Change, Knowledge } from './knowledge.js';
import type { Link, Surroundings } from './surroundings.js';
import type { PresenceFailure } from './types.js';

const snapshotWithin = 10_000;
const steadyAfter = 30_000;
const resyncEvery = 3_600_000;
const strangersWithin = 5_000;
const countsWithin = 30_000;
const mostWatched = 500;

export interface Leadership {
  call: Call;
  known: Knowledge;
  /** @returns Whether somebody came of whom is not known in which conversation. */
  change(...change: Change): boolean | void;
  /** What somebody listens to, in any tab: `u` and a user, `r` and a conversation, `m`. */
  wants(): ReadonlySet<string>;
  counts: { resyncs: number };
  /** A call has failed. @returns Whether it makes sense to try again. */
  failed(failure: unknown): boolean;
  /** What negotiating is told of this device. */
  device(): object;
}

/** What one tab does for all: it holds the connection, and keeps what is known up to date. */
export function createLeader({ connect }: Surroundings, leadership: Leadership) {
  const { call, known, wants, failed } = leadership;
  let ended = false;
  let link: Link | undefined;
  let wake = (): void => {};
  let syncing = false;
  let again = false;
  /** Whom the connection watches, as far as known. */
  let sent: string[] | undefined;
  /** Conversations that have been read since something may have been missed; and `m`. */
  const fresh = new Set<string>();
  const timers: ReturnType<typeof setTimeout>[] = [];
  let hour: ReturnType<typeof setTimeout> | undefined;

  const change: Leadership['change'] = (...what) => ended ? false : leadership.change(...what);

  const after = (ms: number, action: () => void): void => void timers.push(setTimeout(action, ms));

  const connection = (state: 'connecting' | 'live' | 'stale'): void => {
    if (known.connection.state != state) change('set', { connection: { state } });
  };

  const keys = (kind: string): string[] => [...wants()].flatMap((key) => key[0] == kind ? key.slice(1) : []);

  const down = (): void => connection(known.rooms.size || known.watched.base.size ? 'stale' : 'connecting');

  /** Connects, waits, and connects again, until it is told to end or the user has signed out. */
  async function run(): Promise<void> {
    for (let failures = 0; !ended;) {
      let retryAfter: number | undefined;
      try {
        down();
        const since = Date.now();
        await session();
        if (Date.now() - since > steadyAfter) failures = 0;
      } catch (e) {
        if (ended || !failed(e)) return;
        retryAfter = (e as PresenceFailure).retryAfter;
      }

      if (ended) return;
      const wait = backoff(failures++, retryAfter);
      change('set', { connection: { state: 'waiting', until: Date.now() + wait } });
      await new Promise<void>((resolve) => {
        // What the server asks for is kept to, whatever seems to have become better here.
        wake = retryAfter ? wake : resolve;
        after(wait, resolve);
      });
    }
  }

  /** One connection, from negotiating until it is lost. */
  async function session(): Promise<void> {
    const { data } = await call('POST', 'negotiate', { body: leadership.device() });
    if (ended) return;
    const at = known.seq;
    let queue: [string, unknown][] | undefined = [];
    let lost = (): void => {};
    const isLost = new Promise<void>((resolve) => (lost = resolve));
    let opened: Link | undefined;
    // The connection is known to the functions when its snapshot has come.
    const begin = (): void => {
      link = opened;
      renew();
    };
    opened = await connect(data, (name, argument) => {
      if (name == 'presence:snapshot') {
        change('snapshot', at, !!queue, argument as never, keys('r'));
        const waited = queue ?? [];
        queue = undefined;
        // Messages that came before the snapshot count after it, so that none is taken for news that it knows already.
        waited.forEach((message) => hear(...message));
        if (opened) begin();
      } else if (queue) {
        queue.push([name, argument]);
      } else {
        hear(name, argument);
      }
    }, lost);
    if (ended) return opened.stop();
    if (!queue) begin();
    const { stop } = opened;
    after(snapshotWithin, () => queue && stop());
    await isLost;
    link = undefined;
    if (ended) return;
    // The pace and the token were those of one who holds a connection.
    change('set', { pace: { told: known.pace.told, next: 0 } });
  }

  function hear(name: string, argument: any): void {
    const stranger = change('message', name, argument);
    if (name == 'conversation:mode') {
      fresh.delete('r' + argument.conversationId);
      if (argument.mode == 'names') void sync();
      // The conversation does not name them any more. This comes to all of its members at once.
      else after(Math.random() * countsWithin, renewWatches);
    }

    if (stranger) after(Math.random() * strangersWithin, () => {
      fresh.clear();
      fresh.add('m');
      void sync();
    });
  }

  function renewWatches(): void {
    sent = undefined;
    void sync();
  }

  /** Something may have been missed: everything is asked for again, since the version that is known. */
  function renew(): void {
    clearTimeout(hour);
    hour = setTimeout(() => link && renew(), resyncEvery);
    fresh.clear();
    if (known.connection.state != 'connecting') leadership.counts.resyncs++;
    renewWatches();
  }

  /** Makes what is known, and what the connection hears, what somebody listens to. One at a time. */
  async function sync(failures = 0): Promise<void> {
    if (syncing || !link) {
      again = true;
      return;
    }

    syncing = true;
    const on = link;
    try {
      do {
        again = false;
        await Promise.all([watch(keys('u').slice(0, mostWatched), on), ...[...wants()].map((key) => key[0] != 'u' && read(key))]);
      } while (again && on == link);
      syncing = false;
      if (on == link) connection('live');
      else if (link) void sync();
    } catch (e) {
      syncing = false;
      if (!ended && failed(e)) after(backoff(failures, (e as PresenceFailure).retryAfter), () => link && void sync(failures + 1));
    }
  }

  async function watch(ids: string[], on: Link): Promise<void> {
    const add = ids.filter((id) => !sent?.includes(id));
    const remove = (sent ?? []).filter((id) => !ids.includes(id));
    if (!add.length && !remove.length && (sent || !ids.length)) {
      sent = ids;
      return;
    }

    const { seq: at, watched } = known;
    // The first list of a connection is sent as a whole, so that its version is about all of it.
    const whole = !sent?.length;
    // Until the answer says that it was done, it may have been done in part; the whole list puts that right.
    sent = undefined;
    // A version is good for the ids that it is about, and for no others.
    const since = watched.version && ids.every((id) => watched.ids.includes(id)) ? `?since=${watched.version}` : '';
    try {
      const { data } = await (whole
        ? call('PUT', 'watches' + since, { body: { connectionId: on.id, ids } })
        : call('PATCH', 'watches', { body: { connectionId: on.id, add, remove } }));
      change('watched', ids, at, data.users, data.isComplete, whole ? data.version : undefined);
    } catch (e) {
      // A list that is refused is not made better by sending it again.
      if ((e as PresenceFailure).status != 400) throw e;
      failed(e);
    }

    sent = ids;
  }

  /** Reads a conversation, or the caller itself, unless that was done since something may have been missed. */
  async function read(key: string): Promise<void> {
    const id = key.slice(1);
    const { seq: at, rooms } = known;
    const room = rooms.get(id);
    if (fresh.has(key) || room?.mode == 'counts') return;
    fresh.add(key);
    try {
      const { data, status } = await call('GET', id ? `conversations/${id}/presence?limit=1000&since=${room?.whole && room.version || 0}` : 'presence/me');
      if (id) change('roster', id, at, status == 304 ? undefined : data);
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
      [hour, ...timers].forEach(clearTimeout);
      link?.stop();
      link = undefined;
    },
  };
}
