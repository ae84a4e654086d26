/** The friends' list: in a match (the game has set a text), here, or away from the keyboard; the others last. */
export function friendsList(presence, friends) {
  const order = { doNotDisturb: 0, busy: 0, available: 1, away: 2, offline: 3 };
  return presence.users(friends).get()
    .map((user, i) => ({ id: friends[i], availability: user?.availability ?? 'offline', text: user?.text ?? '' }))
    .sort((a, b) => order[a.availability] - order[b.availability]);
}

/** The match begins and ends: friends read it, and who is in a match is not to be disturbed. It ends by itself, should the game crash. */
export const inMatch = (presence, name) => presence.set({ availability: 'doNotDisturb', text: name, emoji: '🎮', until: 'PT2H' });
export const afterMatch = (presence) => presence.set({});
