/** Your backend: friendships, matches and blocks are yours; it says what follows from them. */
export function createLobby({ url, key }) {
  async function say(method, path, query) {
    const answer = await fetch(`${url}/api/${path}?${new URLSearchParams(query)}`, { method, headers: { 'x-functions-key': key } });
    if (!answer.ok) throw new Error((await answer.json()).error);
  }

  return {
    /** Friends see each other wherever they are. */
    async befriend(one, two) {
      await say('PUT', 'visibility/allowed', { userId: one, viewerId: two });
      await say('PUT', 'visibility/allowed', { userId: two, viewerId: one });
    },

    /** To each of the two the other has left, in every list and match, and nothing says why. */
    block: (one, two) => say('PUT', 'visibility/blocked', { userId: one, otherId: two }),

    enter: (match, player) => say('PUT', `conversations/${encodeURIComponent(match)}/members`, { userId: player }),
    leave: (match, player) => say('DELETE', `conversations/${encodeURIComponent(match)}/members`, { userId: player }),
  };
}
