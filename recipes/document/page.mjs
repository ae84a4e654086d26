/** Where others are in a document, by user; those who show nothing are only here. */
export function cursors(presence, document, own) {
  const { users = [], states = {} } = presence.room(document).get() ?? {};
  return users
    .filter((user) => user.isOnline && user.userId !== own)
    .map((user) => ({ id: user.userId, isAway: user.status === 'away', cursor: states[user.userId]?.cursor ?? null }));
}

/** Shows the own cursor to the document; of what comes faster than the server takes it the client tells the newest. */
export const moveTo = (presence, document, cursor) => presence.show(document, { cursor });
