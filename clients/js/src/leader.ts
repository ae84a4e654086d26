import { backoff } from './backoff.js';
import type { Call } from './http.js';
import type { Change, Knowledge } from './knowledge.js';
import type { Link, Surroundings } from './surroundings.js';
import type { PresenceFailure } from './types.js';
import { createUpkeep } from './upkeep.js';

const snapshotWithin = 10_000;
const steadyAfter = 30_000;

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
}

/** The connection; it has an id once the functions know it. */
export interface Session { id?: string | undefined }

/** After so many ms; an action that still waits under the same name is given up. */
export type After = (name: string, ms: number, action: () => void) => void;

/** What one tab does for all: it holds the connection, and has what is known kept up to date. `device` is what negotiating is told of this one. */
export function createLeader(connect: Surroundings['connect'], device: () => object, tab: Leadership) {
  const { call, known } = tab;
  const timers: Record<string, ReturnType<typeof setTimeout> | undefined> = {};
  let ended = false;
  const live: Session = {};
  /** The connection that is open. */
  let opened: Link | undefined;
  let wake = (): void => {};

  const after: After = (name, ms, action) => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(() => {
      timers[name] = undefined;
      action();
    }, ms);
  };
  const change: Leadership['change'] = (...what) => !ended && tab.change(...what);
  const failed = (e: PresenceFailure): boolean => !ended && tab.failed(e);
  const connection = (state: 'connecting' | 'live' | 'stale'): void => {
    if (known.connection.state != state) change('set', { connection: { state } });
  };
  const { hear, sync, begin } = createUpkeep({ ...tab, change, failed }, live, connection, after, timers);

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
        if (!failed(e as PresenceFailure)) return;
        ({ retryAfter } = e as PresenceFailure);
      }

      const wait = backoff(failures++, retryAfter);
      change('set', { connection: { state: 'waiting', until: Date.now() + wait } });
      await new Promise<void>((resolve) => {
        // What the server asks for is kept to, whatever seems to have become better here.
        if (!retryAfter) wake = resolve;
        after('wait', wait, resolve);
      });
    }
  }

  /** One connection, from negotiating until it is lost. */
  async function session(): Promise<void> {
    const { data } = await call('POST', 'negotiate', { body: device() });
    const at = known.seq;
    let queue: [string, any][] | undefined = [];
    // The connection is known to the functions when its snapshot has come.
    const welcome = (): void => {
      if (ended || queue || !opened) return;
      live.id = opened.id;
      begin();
    };
    const { stop, lost } = opened = await connect(data, (name, argument) => {
      if (name == 'presence:snapshot') {
        change('snapshot', at, !!queue, argument, tab.wants());
        // Messages that came before the snapshot count after it, so that none is taken for news that it knows already.
        queue?.forEach((message) => hear(...message));
        queue = undefined;
        welcome();
      } else if (queue) {
        queue.push([name, argument]);
      } else {
        hear(name, argument);
      }
    });
    if (ended) return stop();
    welcome();
    after('snapshot', snapshotWithin, () => queue && stop());
    await lost;
    opened = live.id = undefined;
    // The pace and the token were those of one who holds a connection.
    change('set', { pace: { told: known.pace.told, next: 0 } });
  }

  return {
    run,
    sync,
    connectionId: () => live.id,
    wake: () => wake(),
    end(): void {
      ended = true;
      Object.values(timers).forEach(clearTimeout);
      opened?.stop();
      live.id = undefined;
    },
  };
}
