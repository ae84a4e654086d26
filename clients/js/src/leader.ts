import { backoff } from './backoff.js';
import type { Call } from './http.js';
import type { Change, Knowledge, RosterAnswer } from './knowledge.js';
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
  known(): Knowledge;
  /** @returns Whether somebody came of whom is not known in which conversation. */
  change(change: Change): boolean | undefined;
  /** What somebody listens to, in any tab: `u` and a user, `r` and a conversation, `m`. */
  wants(): ReadonlySet<string>;
  /** A call has failed. @returns Whether it makes sense to try again. */
  failed(failure: unknown): boolean;
  /** What negotiating is told of this device. */
  device(): object;
  resynced(): void;
}

/** What one tab does for all: it holds the connection, and keeps what is known up to date. */
export function createLeader({ connect, later, cancel, random, wall }: Surroundings, leadership: Leadership) {
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
  const timers = new Set<unknown>();

  const change = (change: Change): boolean | undefined => ended ? false : leadership.change(change);

  const after = (ms: number, action: () => void): unknown => {
    const timer = later(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
    return timer;
  };

  const connection = (state: 'connecting' | 'live' | 'stale'): void => {
    if (known().connection.state != state) change({ type: 'connection', connection: { state } });
  };

  const down = (): void => connection(known().rooms.size || known().watched.base.size ? 'stale' : 'connecting');

  /** Connects, waits, and connects again, until it is told to end or the user has signed out. */
  async function run(): Promise<void> {
    for (let failures = 0; !ended;) {
      let retryAfter: number | undefined;
      try {
        down();
        const since = wall();
        await session();
        if (wall() - since > steadyAfter) failures = 0;
      } catch (e) {
        if (ended || !failed(e)) return;
        retryAfter = (e as PresenceFailure).retryAfter;
      }

      if (ended) return;
      const wait = backoff(failures++, random, retryAfter);
      change({ type: 'connection', connection: { state: 'waiting', until: wall() + wait } });
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
    const at = known().seq;
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
        change({ type: 'snapshot', snapshot: argument as never, at, first: !!queue });
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
    const hurry = after(snapshotWithin, () => queue && opened.stop());
    await isLost;
    cancel(hurry);
    link = undefined;
    if (ended) return;
    // The pace and the token were those of one who holds a connection.
    change({ type: 'pace', pace: { told: known().pace.told, next: 0 } });
  }

  function hear(name: string, argument: any): void {
    const stranger = change({ type: 'message', name, argument });
    if (name == 'conversation:mode') {
      fresh.delete('r' + argument.conversationId);
      if (argument.mode == 'names') void sync();
      // The conversation does not name them any more. This comes to all of its members at once.
      else after(random() * countsWithin, renewWatches);
    }

    if (stranger) after(random() * strangersWithin, () => {
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
    fresh.clear();
    if (known().connection.state != 'connecting') leadership.resynced();
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
        const wanted = wants();
        await Promise.all([watch([...wanted].flatMap((key) => key[0] == 'u' ? key.slice(1) : []).slice(0, mostWatched), on), me(wanted), ...[...wanted].map(read)]);
      } while (again && on == link);
      syncing = false;
      if (on == link) connection('live');
      else if (link) void sync();
    } catch (e) {
      syncing = false;
      if (!ended && failed(e)) after(backoff(failures, random, (e as PresenceFailure).retryAfter), () => link && void sync(failures + 1));
    }
  }

  async function me(wanted: ReadonlySet<string>): Promise<void> {
    if (!wanted.has('m') || fresh.has('m')) return;
    const { data } = await call('GET', 'presence/me');
    fresh.add('m');
    change({ type: 'me', me: data });
  }

  async function watch(ids: string[], on: Link): Promise<void> {
    const add = ids.filter((id) => !sent?.includes(id));
    const remove = (sent ?? []).filter((id) => !ids.includes(id));
    if (!add.length && !remove.length && (sent || !ids.length)) {
      sent = ids;
      return;
    }

    const { seq: at, watched } = known();
    // The first list of a connection is sent as a whole, so that its version is about all of it.
    const whole = !sent?.length;
    // Until the answer says that it was done, it may have been done in part; the whole list puts that right.
    sent = undefined;
    if (remove.length) change({ type: 'unwatched', ids: remove });
    // A version is good for the ids that it is about, and for no others.
    const since = watched.version && ids.every((id) => watched.ids.has(id)) ? `?since=${watched.version}` : '';
    try {
      const { data } = await (whole
        ? call('PUT', 'watches' + since, { body: { connectionId: on.id, ids } })
        : call('PATCH', 'watches', { body: { connectionId: on.id, add, remove } }));
      change({ type: 'watched', at, users: data.users, isComplete: data.isComplete, ...(whole && { ids: new Set(ids), version: data.version }) });
    } catch (e) {
      // A list that is refused is not made better by sending it again.
      if ((e as PresenceFailure).status != 400) throw e;
      failed(e);
    }

    sent = ids;
  }

  async function read(key: string): Promise<void> {
    if (key[0] != 'r' || fresh.has(key)) return;
    fresh.add(key);
    const id = key.slice(1);
    try {
      await readRoster(id, known().rooms.get(id));
    } catch (e) {
      fresh.delete(key);
      const { status } = e as PresenceFailure;
      if (status != 403 && status != 404 || !failed(e)) throw e;
      fresh.add(key);
      change({ type: 'gone', room: id });
    }
  }

  async function readRoster(id: string, room = { whole: false } as Knowledge['rooms'] extends Map<string, infer R> ? Partial<R> : never): Promise<void> {
    if (room.mode == 'counts') return;
    const at = known().seq;
    const since = room.whole && room.version || '0';
    const users: RosterAnswer['users'] = [];
    let answer: RosterAnswer & { nextAfter: string | null } | undefined;
    for (let page = ''; ;) {
      const { data, status } = await call('GET', `conversations/${id}/presence?limit=1000&since=${since}${page}`);
      if (status != 304) {
        answer = data as NonNullable<typeof answer>;
        // Pages of changes are about parts of the roster; all of it is simpler.
        if (answer.nextAfter && since != '0') return readRoster(id);
        users.push(...answer.users);
        page = `&after=${encodeURIComponent(answer.nextAfter ?? '')}&version=${answer.version}`;
      }

      if (!answer?.nextAfter) break;
    }

    change({ type: 'roster', room: id, at, answer: answer && { ...answer, users } });
  }

  const hourly = (): void => {
    after(resyncEvery, () => {
      if (link) renew();
      hourly();
    });
  };
  hourly();

  return {
    run,
    sync,
    connectionId: () => link?.id,
    wake: () => wake(),
    end(): void {
      ended = true;
      timers.forEach(cancel);
      link?.stop();
      link = undefined;
    },
  };
}
