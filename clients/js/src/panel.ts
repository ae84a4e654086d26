import { createElement as h, useEffect, useState, type ReactElement } from 'react';
import { useConnection, useMe, usePresence, useRoom } from './react.js';
import type { PresenceChange } from './types.js';

const style = { font: '12px/1.5 ui-monospace, monospace', padding: '8px', border: '1px solid', borderRadius: '6px', maxWidth: '40em' };
const kept = 10;

/** For developers: the connection, the caller, a conversation, counts of calls, and the last changes. */
export function PresencePanel({ room = '' }: { room?: string }): ReactElement {
  const presence = usePresence();
  const connection = useConnection();
  const me = useMe();
  const [changes, setChanges] = useState<readonly string[]>([]);
  useEffect(() => presence.on('change', (change) => setChanges((before) => [textOf(change), ...before].slice(0, kept))), [presence]);
  const { calls, heldBack, shared, resyncs } = presence.statistics();
  return h('section', { style, 'aria-label': 'Presence' },
    h('div', {}, `${connection.state}${connection.state == 'waiting' ? ` until ${new Date(connection.until).toISOString()}` : ''}`),
    h('div', {}, me ? `${me.userId}: ${me.availability}` : 'nothing known of the caller'),
    room && h(Members, { room }),
    h('div', {}, `${calls} calls, ${heldBack} held back, ${shared} shared, ${resyncs} resyncs`),
    h('ol', { reversed: true }, changes.map((text, i) => h('li', { key: i }, text))));
}

function Members({ room }: { room: string }): ReactElement {
  const value = useRoom(room);
  return h('div', {}, value
    ? `${room}: ${value.occupancy.online} online, ${value.occupancy.away} away, of ${value.occupancy.members}: ${value.users.filter((u) => u.isOnline).map((u) => u.userId).join(', ')}`
    : `${room}: nothing known`);
}

const textOf = (change: PresenceChange): string => change.kind == 'user'
  ? `${change.userId}: ${change.from?.status ?? 'unknown'} → ${change.to?.status ?? 'unknown'} (${change.cause})`
  : `${change.userId} in ${change.conversationId}: ${JSON.stringify(change.to)} (${change.cause})`;
