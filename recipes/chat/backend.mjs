/** Your backend: it knows who may be in which room, and says so with its function key. */
export function createRooms({ url, key }) {
  async function member(method, room, user) {
    const query = new URLSearchParams({ userId: user });
    const answer = await fetch(`${url}/api/conversations/${encodeURIComponent(room)}/members?${query}`, { method, headers: { 'x-functions-key': key } });
    if (!answer.ok) throw new Error((await answer.json()).error);
  }

  return { join: (room, user) => member('PUT', room, user), leave: (room, user) => member('DELETE', room, user) };
}
