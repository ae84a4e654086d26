/** Where others are in a document, by user; those who show nothing are only here. */
export function cursors(presence, document, own) {
  const { users = [], states = {} } = presence.room(document).get() ?? {};
  return users
    .filter((user) => user.isOnline && user.userId !== own)
    .map((user) => ({ id: user.userId, isAway: user.status === 'away', cursor: states[user.userId]?.cursor ?? null }));
}

/** Shows the own cursor to the document: the last place of each tenth of a second, which is as often as the server takes it. */
export function createCursor({ url, token, document, every = 100 }) {
  let place;
  let timer;
  async function tell() {
    timer = undefined;
    await fetch(`${url}/api/conversations/${encodeURIComponent(document)}/state`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${await token()}` },
      body: JSON.stringify({ state: { cursor: place }, ttl: 'PT60S' }),
    });
  }

  return function moveTo(to) {
    place = to;
    timer ??= setTimeout(tell, every);
  };
}
