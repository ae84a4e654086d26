/** Who is in a room, as a list to draw: those who are here first. */
export function members(presence, room) {
  const { users = [], states = {} } = presence.room(room).get() ?? {};
  return users
    .map((user) => ({ id: user.userId, status: user.status, isTyping: states[user.userId]?.typing === true }))
    .sort((a, b) => (b.status !== 'offline') - (a.status !== 'offline') || a.id.localeCompare(b.id));
}

/** Tells the room that its user types: on the first key, and again every few seconds while keys come; it ends by itself. */
export function createTyping({ url, token, room, every = 4_000 }) {
  let last = -every;
  return async function onKey(now = performance.now()) {
    if (now - last < every) return;
    last = now;
    await fetch(`${url}/api/conversations/${encodeURIComponent(room)}/state`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ state: { typing: true }, ttl: 'PT6S' }),
    });
  };
}
