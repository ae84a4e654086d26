import { backoff } from './backoff.js';
import { createCall } from './http.js';
import { nothing, type Change } from './knowledge.js';
import { userOf } from './identity.js';
import { createLeader } from './leader.js';
import { createPace } from './pace.js';
import { watchPage } from './page.js';
import { createShowing } from './showing.js';
import { createTabs } from './tabs.js';
import { createViews } from './views.js';
import { safely, type Surroundings } from './surroundings.js';
import type { Presence, PresenceEvents, PresenceFailure, PresenceMe, PresenceOptions } from './types.js';

/** Changes of what is listened to within so many ms are one. */
const together = 50;

export function createPresenceIn(options: PresenceOptions, surroundings: Surroundings): Presence {
  const { document } = surroundings;
  const tab = `${Math.random()}`;
  const counts = { calls: 0, heldBack: 0, shared: 0, resyncs: 0 };
  const listeners: { [K in keyof PresenceEvents]: Set<(argument: PresenceEvents[K]) => void> } = { change: new Set(), error: new Set() };
  /** What is listened to in this tab, as often as it is. */
  const mine: string[] = [];
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
  let leaving = false;
  /** Until the leader has said what it knows, what it learns beside that means nothing here. */
  let isNew = true;
  let gathering: unknown;

  const emit = <K extends keyof PresenceEvents>(event: K, argument: PresenceEvents[K]): void => listeners[event].forEach((listener) => safely(listener, argument));
  const { call, credentials } = createCall(options, counts);
  const { known, apply, stores } = createViews(() => self, (change) => emit('change', change), want);
  const isVisible = (): boolean => document?.visibilityState != 'hidden';
  const moment = (at: number): string => new Date(at + ahead).toISOString();

  /** What one tab learns, all apply in the same order. */
  function change(...change: Change): boolean | void {
    tabs.post({ change });
    return apply(change);
  }

  function failed(failure: any): boolean {
    failure.status ??= 0;
    const isOver = failure.code == 'signed_out';
    if (isOver) offEverywhere();
    else emit('error', failure);
    return !isOver;
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

  // Nobody who cannot see the page uses it, and who is invisible shows nothing.
  const showing = createShowing(call, failed, () => isVisible() && known.me?.choice?.availability != 'invisible');

  function active(at: number, flush?: boolean): void {
    // What the user does while signing out must not bring it back.
    if (leaving) return;
    if (leader) void pace.note(at, flush);
    else tabs.post({ input: at, flush });
  }

  const tabs = createTabs(surroundings, tab, hello, async () => {
    others.clear();
    const elected = leader = createLeader(
      surroundings.connect,
      () => ({ foreground: isVisible(), ...(known.pace.told && { activeAt: moment(known.pace.told) }) }),
      { call, known, change, wants: () => [...new Set([mine, ...others.values()].flat())], failed, counts },
    );
    tabs.post({ lead: true });
    change('set', { pace: { told: known.pace.told, next: 0 } });
    // Who comes back with a token of before a sign-out is let in by being active, not by connecting.
    await pace.note(opened, true);
    void elected.run();
  }, (message) => {
    const { from, wants, input, change } = message;
    if (message.off) off('signed_out');
    else if (message.lead) {
      isNew = true;
      hello();
    } else if (!leader) {
      if (message.isFirst) isNew = false;
      if (!change || isNew) return;
      if (/roster|watched/.test(change[0]) || change[1].pace) counts.shared++;
      apply(change);
      if (message.isFirst) active(opened);
    } else if (from) {
      if (!others.has(from)) {
        tabs.watch(from, () => {
          others.delete(from);
          leader?.sync();
        });
        tabs.post({ isFirst: true, change: ['set', known] });
      }

      others.set(from, wants);
      leader.sync();
    } else if (input) {
      counts.shared++;
      active(input, message.flush);
    }
  });

  /** Tells the tab that leads of this one, and to what it listens. */
  function hello(): void {
    tabs.post({ from: tab, wants: mine });
  }

  function want(keys: readonly string[], isOver?: boolean): void {
    for (const key of keys) isOver ? mine.splice(mine.indexOf(key), 1) : mine.push(key);
    gathering ??= setTimeout(() => {
      gathering = undefined;
      if (leader) leader.sync();
      else hello();
    }, together);
  }

  async function join(): Promise<void> {
    const now = ++turn;
    let scope: string | undefined;
    try {
      self = options.user ?? userOf(await credentials(), options.guest);
      scope = self && `presence 2 ${options.url} ${self}`;
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
    showing.stop();
    stopWatching();
    apply(['set', { ...nothing(), connection: { state: 'off', ...(reason && { reason }) } }]);
  }

  function offEverywhere(): void {
    tabs.post({ off: true });
    off('signed_out');
  }

  return {
    ...stores,
    start() {
      if (isOn) return;
      isOn = true;
      if (isVisible()) opened = Date.now();
      apply(['set', { connection: { state: 'connecting' } }]);
      stopWatching = watchPage(surroundings, {
        input: active,
        left(isHidden) {
          const id = leader?.connectionId();
          if (id && isHidden) void call('PUT', `presence/me/connections/${id}`, { keepalive: true, body: { foreground: false } }).catch(() => {});
          leave();
          apply(['set', { connection: { state: 'stale' } }]);
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

      offEverywhere();
    },
    touch: () => active(Date.now()),
    async set(choice) {
      const { data } = await call('PUT', 'presence/me', { body: choice });
      apply(['set', { me: data }]);
      return data as PresenceMe;
    },
    show(conversationId, state) {
      if (isOn) showing.show(conversationId, state);
    },
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    statistics: () => ({ ...counts }),
  };
}
