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

/** After so many ms; an action that still waits under the same name is given up. */
export type After = (name: string, ms: number, action: () => void) => void;

/** What one tab does for all: it holds the connection, and has what is known kept up to date. `device` is what negotiating is told of this one. */
export function createLeader(connect: Surroundings['connect'], device: () => object, tab: Leadership) {
  const { call, known } = tab;
  const timers: Record<string, ReturnType<typeof setTimeout> | undefined> = {};
  let ended = false;
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
  const upkeep = createUpkeep({ ...tab, change, failed }, after, timers);

  /** Connects, waits, and connects again, until it is told to end or the user has signed out. */
  async function run(): Promise<void> {
    for (let failures = 0; !ended;) {
      const since = Date.now();
      let retryAfter: number | undefined;
      upkeep.connection(known.rooms.size || known.watched.base.size ? 'stale' : 'connecting');
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
    const begin = (): void => {
      if (!ended && !queue && opened) upkeep.begin(opened.id);
    };
    const { stop, lost } = opened = await connect(data, (name, argument) => {
      if (name == 'presence:snapshot') {
        change('snapshot', at, !!queue, argument, upkeep.wanted('r'));
        // Messages that came before the snapshot count after it, so that none is taken for news that it knows already.
        queue?.forEach((message) => upkeep.hear(...message));
        queue = undefined;
        begin();
      } else if (queue) {
        queue.push([name, argument]);
      } else {
        upkeep.hear(name, argument);
      }
    });
    if (ended) return stop();
    begin();
    after('snapshot', snapshotWithin, () => queue && stop());
    await lost;
    opened = undefined;
    upkeep.pause();
    // The pace and the token were those of one who holds a connection.
    change('set', { pace: { told: known.pace.told, next: 0 } });
  }

  return {
    run,
    sync: upkeep.sync,
    connectionId: upkeep.connectionId,
    wake: () => wake(),
    end(): void {
      ended = true;
      Object.values(timers).forEach(clearTimeout);
      opened?.stop();
      upkeep.pause();
    },
  };
}
