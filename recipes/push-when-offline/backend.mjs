/**
 * Your backend: of the members of a room, those who are not here. `user` is one of its own, a member of the room, and `token` is that user's; `push` is yours.
 */
export function createMessages({ url, key, user, token, push }) {
  const roomAt = (room) => `${url}/api/conversations/${encodeURIComponent(room)}`;

  async function* members(room) {
    let after = '';
    do {
      const query = new URLSearchParams({ limit: 1_000, ...(after && { after }) });
      const answer = await fetch(`${roomAt(room)}/presence?${query}`, {
        headers: { Authorization: `Bearer ${await token()}`, 'Presence-Activity': 'passive' },
      });
      const { data, error } = await answer.json();
      if (!answer.ok) throw new Error(error);
      yield* data.users;
      after = data.nextAfter;
    } while (after);
  }

  return {
    /** Once for each room: who may not see its members cannot ask for them. */
    async watch(room) {
      const answer = await fetch(`${roomAt(room)}/members?${new URLSearchParams({ userId: user })}`, { method: 'PUT', headers: { 'x-functions-key': key } });
      if (!answer.ok) throw new Error((await answer.json()).error);
    },

    /** A message was written: whoever is here has it on the screen, and the others get it on their phones. */
    async written(room, from, text) {
      for await (const member of members(room)) {
        if (!member.isOnline && member.userId !== from && member.userId !== user) await push(member.userId, text);
      }
    },
  };
}
