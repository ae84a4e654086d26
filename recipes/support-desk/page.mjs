/** What a guest is told of its agent. */
export function agentLine(presence, ticket, agent) {
  const seen = presence.room(ticket).get()?.users.find((user) => user.userId === agent);
  switch (seen?.availability) {
    case 'available': return 'is here';
    case 'busy':
    case 'doNotDisturb': return seen.text ? `is busy: ${seen.text}` : 'is busy';
    case 'away': return 'will be back in a moment';
    default: return 'has left: we answer by mail';
  }
}
