import type { PresenceConnection, PresenceUser } from '../../../clients/js/src/types.js';

/** How presence is said, and how time is told. */

export const nameOf = (userId: string): string => userId.replace(/^anon:/, '');

/** What is seen of somebody: the availability, which says more than the status. */
export type Look = 'available' | 'busy' | 'doNotDisturb' | 'away' | 'offline' | 'unknown';

export const looks: Record<Look, string> = {
  available: 'online', busy: 'busy', doNotDisturb: 'do not disturb', away: 'away', offline: 'offline', unknown: 'not known',
};

export const lookOf = (user: PresenceUser | undefined): Look => !user ? 'unknown' : user.isOnline ? user.availability : 'offline';

const vague = { recently: 'seen recently', withinWeek: 'seen within a week', withinMonth: 'seen within a month', longAgo: 'seen long ago' };

/** When somebody was active or here last. Of who is online nobody is told each activity, so nothing is said. */
export function lastOf(user: PresenceUser, now: number): string {
  if (user.status == 'online') return '';
  const at = user.isOnline ? user.lastActiveAt : user.lastSeenAt ?? user.lastActiveAt;
  const word = user.isOnline ? 'active' : 'last seen';
  return at ? `${word} ${ago(Date.parse(at), now)}` : user.lastSeen ? vague[user.lastSeen] : user.isOnline ? '' : 'never seen';
}

export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds - seconds % 5} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `on ${new Date(at).toLocaleDateString()}`;
}

/** A duration that is counted down. */
export function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
}

export const clock = (at: number | string): string => new Date(at).toLocaleTimeString([], { hour12: false });

/** Sentences of the system name moments exactly; here the clock is enough. */
export const withClocks = (sentence: string): string => sentence.replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, clock);

const expectations: Record<string, string> = {
  connectionCheck: 'SignalR is asked whether it is still connected', choiceEnds: 'the choice ends', applicationChoiceEnds: 'the choice of the application ends',
  banEnds: 'the ban ends',
};

/** What an explanation expects to happen. */
export const expectation = (what: string): string => expectations[what] ?? what;

export const connectionWords = (connection: PresenceConnection, now: number): string => {
  switch (connection.state) {
    case 'off': return connection.reason == 'signed_out' ? 'signed out' : 'off';
    case 'waiting': return `waiting, tries again in ${left(connection.until - now)}`;
    case 'stale': return 'catching up';
    default: return connection.state;
  }
};

/** Of a state that somebody shows in a conversation. */
export function stateWords(state: unknown): string {
  const { typing, hand } = (state ?? {}) as { typing?: boolean; hand?: boolean };
  return [hand && 'raises a hand', typing && 'is typing…'].filter(Boolean).join(' · ') || JSON.stringify(state);
}
