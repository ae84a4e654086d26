/** Who is in a room, as a list to draw: those who are here first. */
export function members(presence, room) {
  const { users = [], states = {} } = presence.room(room).get() ?? {};
  return users
    .map((user) => ({ id: user.userId, status: user.status, isTyping: states[user.userId]?.typing === true }))
    .sort((a, b) => (b.status !== 'offline') - (a.status !== 'offline') || a.id.localeCompare(b.id));
}

/** Shows the room that its user types, until there was no key for some seconds. */
export function createTyping(presence, room, lasts = 4_000) {
  let timer;
  return function onKey() {
    clearTimeout(timer);
    timer = setTimeout(() => presence.show(room, null), lasts);
    presence.show(room, { typing: true });
  };
}
