import { createPresenceIn } from './presence.js';
import { connect } from './signalr.js';
import { browser } from './surroundings.js';
import type { Presence, PresenceOptions } from './types.js';

export type * from './types.js';

/** Who is here, for one user. Nothing happens before `start`. */
export const createPresence = (options: PresenceOptions): Presence => createPresenceIn(options, browser(connect));
