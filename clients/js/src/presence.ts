import { backoff } from './backoff.js';
import { createCall } from './http.js';
import { nothing, type Change } from './knowledge.js';
import { userOf } from './identity.js';
import { createLeader } from './leader.js';
import { createPace } from './pace.js';
import { watchPage } from './page.js';
import { createTabs } from './tabs.js';
import { createViews } from './views.js';
import { safely, type Surroundings } from './surroundings.js';
import type { Presence, PresenceEvents, PresenceFailure, PresenceMe, PresenceOptions, PresenceUser } from './types.js';

/** Changes of what is listened to within so many ms are one. */
const together = 50;

export function createPresenceIn(options: PresenceOptions, surroundings: Surroundings): Presence {
  const { document } = surroundings;
  const tab = `${Math.random()}`;
  const counts = { calls: 0, heldBack: 0, shared: 0, resyncs: 0 };
  const listeners: { [K in keyof PresenceEvents]: Set<(argument: PresenceEvents[K]) => void> } = { change: new Set(), error: new Set() };
  const mine = new Map<string, number>();
  const others = new Map<string, string[]>();
  let leader: ReturnType<typeof createLeader> | undefined;
  let self = options.user;
  let isOn = false;
  /** Joining that was overtaken by leaving ends nowhere. */
  let turn = 0;
  let stopWatching = (): void => {};
  /** When the page was opened before the user's eyes. */
  let opened = 0;
  let failures = 0;
  let ahead = 0;

  const emit = <K extends keyof PresenceEvents>(event: K, argument: PresenceEvents[K]): void => listeners[event].forEach((listener) => safely(listener, argument));
  const { call, credentials } = createCall(options, counts);
  const views = createViews(() => self, (change) => emit('change', change));
  const { known } = views;
  const isVisible = (): boolean => document?.visibilityState != 'hidden';
  const moment = (at: number): string => new Date(at + ahead).toISOString();

  /** What one tab learns, all apply in the same order. */
  function change(...change: Change): boolean | void {
    tabs.post({ change });
    return views.apply(change);
  }

  function failed(failure: unknown): boolean {
    if ((failure as PresenceFailure).code == 'signed_out') {
      tabs.post({ off: true });
      off('signed_out');
      return false;
    }

    emit('error', failure as PresenceFailure);
    return true;
  }

  const pace = createPace(known, async (at) => {
    const { token } = known.pace;
    try {
      const answer = await call('POST', 'activity', {
        keepalive: true,
        headers: {
          'Presence-Active-At': moment(at),
          ...(token && { 'Presence-Token': token }),
          ...(leader?.connectionId() && { 'Presence-Connected': 'true' }),
        },
      });
      failures = 0;
      // `Date` is in whole seconds: a smaller difference is none.
      ahead = Math.abs(answer.ahead) > 2000 ? answer.ahead : 0;
      if (leader) change('set', { pace: { told: at, next: Date.parse(answer.data.nextRecordAt) - ahead, token: answer.token ?? token } });
      return 0;
    } catch (e) {
      failed(e);
      return Date.now() + backoff(failures++, (e as PresenceFailure).retryAfter);
    }
  }, counts);

  let leaving = false;
  function active(at: number, flush?: boolean): void {
    // What the user does while signing out must not bring it back.
    if (leaving) return;
    if (leader) void pace.note(at, flush);
    else tabs.post({ input: at, flush });
  }

  const wants = (): string[] => [...new Set([...mine.keys(), ...[...others.values()].flat()])];

  const tabs = createTabs(surroundings, tab, () => hello(), async () => {
    others.clear();
    const elected = leader = createLeader(surroundings.connect, {
      call,
      known,
      change,
      wants,
      failed,
      device: () => ({ foreground: isVisible(), ...(known.pace.told && { activeAt: moment(known.pace.told) }) }),
      counts,
    });
    tabs.post({ lead: true });
    const { told } = known.pace;
    change('set', { pace: { told, next: 0 } });
    // Who comes back with a token of before a sign-out is let in by being active, not by connecting.
    await pace.note(opened, true);
    void elected.run();
  }, (message) => {
    if (message.off) return off('signed_out');
    if (leader) {
      if (message.hello) {
        if (!others.has(message.hello)) tabs.watch(message.hello, () => {
          others.delete(message.hello);
          leader?.sync();
        });
        others.set(message.hello, message.wants);
        if (message.isNew) tabs.post({ knowledge: known });
        leader.sync();
      } else if (message.input) {
        counts.shared++;
        void pace.note(message.input, message.flush);
      }
    } else if (message.lead) {
      hello(true);
    } else if (message.knowledge) {
      isNew = false;
      views.replace(message.knowledge);
      active(opened);
    } else if (message.change && !isNew) {
      if (/roster|watched/.test(message.change[0]) || message.change[1].pace) counts.shared++;
      views.apply(message.change);
    }
  });

  /** Until the leader has said what it knows, what it learns beside that means nothing here. */
  let isNew = true;
  function hello(anew = false): void {
    isNew ||= anew;
    tabs.post({ hello: tab, wants: [...mine.keys()], isNew });
  }

  let told = true;
  function want(key: string, by: number): void {
    const count = (mine.get(key) ?? 0) + by;
    count ? mine.set(key, count) : mine.delete(key);
    if (told) setTimeout(() => {
      told = true;
      if (leader) leader.sync();
      else hello();
    }, together);
    told = false;
  }

  async function join(): Promise<void> {
    const now = ++turn;
    let scope: string | undefined;
    try {
      const user = options.user ?? userOf(await credentials(), options.guest);
      self = user;
      scope = user && `presence 1 ${options.url} ${user}`;
    } catch {
      // Without a token there is no user to share with; the leader's calls say what is wrong, and try again.
    }

    if (now != turn) return;
    isNew = true;
    tabs.join(scope);
  }

  function leave(): void {
    turn++;
    leader?.end();
    leader = undefined;
    tabs.leave();
    pace.stop();
  }

  function off(reason?: 'signed_out'): void {
    if (!isOn) return;
    isOn = false;
    leave();
    stopWatching();
    views.replace({ ...nothing(), connection: { state: 'off', ...(reason && { reason }) } });
  }

  const user = (id: string): PresenceUser | undefined => views.user(id);
  const presence: Presence = {
    connection: views.store(() => known.connection),
    me: views.store(() => known.me, (by) => want('m', by)),
    user: (id) => views.store(() => user(id), (by) => want('u' + id, by)),
    users(ids) {
      let last: readonly (PresenceUser | undefined)[] = ids.map(user);
      return views.store(() => {
        const next = ids.map(user);
        return next.some((u, i) => u !== last[i]) ? (last = next) : last;
      }, (by) => ids.forEach((id) => want('u' + id, by)));
    },
    room: (id) => views.store(() => views.room(id), (by) => want('r' + id, by)),

    start() {
      if (isOn) return;
      isOn = true;
      if (isVisible()) opened = Date.now();
      views.apply(['set', { connection: { state: 'connecting' } }]);
      stopWatching = watchPage(surroundings, {
        input: active,
        left(isHidden) {
          const id = leader?.connectionId();
          if (id && isHidden) void call('PUT', `presence/me/connections/${id}`, { keepalive: true, body: { foreground: false } }).catch(() => {});
          leave();
          views.apply(['set', { connection: { state: 'stale' } }]);
        },
        back() {
          leave();
          void join();
        },
        wake: () => leader?.wake(),
      });
      void join();
    },
    stop: () => off(),
    async signOut() {
      leaving = true;
      pace.stop();
      try {
        await call('DELETE', 'presence/me');
      } finally {
        leaving = false;
      }

      tabs.post({ off: true });
      off('signed_out');
    },
    touch: () => active(Date.now()),
    async set(choice) {
      const { data } = await call('PUT', 'presence/me', { body: choice });
      views.apply(['set', { me: data }]);
      return data as PresenceMe;
    },
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    statistics: () => ({ ...counts }),
  };
  return presence;
}
