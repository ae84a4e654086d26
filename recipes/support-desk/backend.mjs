/** The conversation of all agents and of the backend itself, which so sees them. */
const agentsRoom = 'support-agents';

/** Your backend. `token` is one of its own, for a user such as `support-desk`: it looks at agents as a colleague would. */
export function createDesk({ url, key, user, token }) {
  async function call(method, path, headers, body) {
    const answer = await fetch(`${url}/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
    const { data, error } = await answer.json();
    if (!answer.ok) throw new Error(error);
    return data;
  }

  const withKey = { 'x-functions-key': key };
  const join = (room, member) => call('PUT', `conversations/${encodeURIComponent(room)}/members?${new URLSearchParams({ userId: member })}`, withKey);

  return {
    /** Once for each agent. */
    async hire(agent) {
      await join(agentsRoom, user);
      await join(agentsRoom, agent);
    },

    /** A guest writes: its page gets a session, and it shares the ticket with one agent and with nobody else. */
    async open(ticket, agent) {
      const session = await call('POST', 'anonymous-sessions', withKey, { lifetimeSeconds: 3_600 });
      await join(ticket, `anon:${session.participantId}`);
      await join(ticket, agent);
      return session;
    },

    /** Agents who are here and neither away nor busy: one of these gets the next ticket. */
    async free() {
      const headers = { Authorization: `Bearer ${await token()}`, 'Presence-Activity': 'passive' };
      const { users } = await call('GET', `conversations/${agentsRoom}/presence?limit=1000`, headers);
      return users.filter((agent) => agent.availability === 'available').map((agent) => agent.userId);
    },
  };
}
