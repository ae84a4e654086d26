/** How somebody is, as the caller may see it. */
export interface PresenceUser {
  readonly userId: string;
  readonly isAnonymous: boolean;
  readonly isOnline: boolean;
  readonly status: 'online' | 'away' | 'offline';
  readonly availability: 'available' | 'busy' | 'doNotDisturb' | 'away' | 'offline';
  readonly text?: string;
  readonly emoji?: string;
  readonly device?: 'mobile';
  readonly lastActiveAt?: string | null;
  readonly lastSeenAt?: string | null;
  /** In words, where the user does not tell the moment. */
  readonly lastSeen?: 'recently' | 'withinWeek' | 'withinMonth' | 'longAgo';
  /** Rises with each change of the user. */
  readonly version: number;
}

/** What a user chooses that others see; what is left out is automatic, none, and for ever. */
export interface PresenceChoice {
  readonly availability?: 'automatic' | 'available' | 'busy' | 'doNotDisturb' | 'away' | 'invisible';
  readonly text?: string;
  readonly emoji?: string;
  /** A moment, or a duration of ISO 8601 such as `PT30M`. */
  readonly until?: string | Date;
}

/** How the caller itself stands, and what was chosen for it. */
export interface PresenceMe extends PresenceUser {
  readonly choice: PresenceChoice | null;
  readonly applicationChoice: PresenceChoice | null;
  /** Of several, the largest is the newest. */
  readonly revision: number;
}

export interface PresenceOccupancy {
  readonly members: number;
  readonly online: number;
  readonly away: number;
}

/** A conversation: who is in it by name, or how many where it is large, and what its members show of themselves at this moment. */
export interface PresenceRoom {
  readonly conversationId: string;
  readonly mode: 'names' | 'counts';
  readonly occupancy: PresenceOccupancy;
  /** Empty in mode `counts`. */
  readonly users: readonly PresenceUser[];
  /** By user, the caller's own not among them. */
  readonly states: Readonly<Record<string, unknown>>;
  /** Whether `users` names all members; else those who are here, as far as a snapshot named them. */
  readonly isWhole: boolean;
}

/** `stale`: what is shown may be old, and the client is catching up. `waiting`: the next attempt is at `until`, in ms since 1970. */
export type PresenceConnection =
  | { readonly state: 'off'; readonly reason?: 'signed_out' }
  | { readonly state: 'connecting' | 'live' | 'stale' }
  | { readonly state: 'waiting'; readonly until: number };

/** A value that changes. `get` answers the same reference while nothing is different. */
export interface Store<T> {
  get(): T;
  /** @returns What ends it. */
  subscribe(listener: () => void): () => void;
}

/**
 * Somebody is seen otherwise than before, or shows something else in a conversation. `live`: a message said so; `resync`: an answer or a
 * snapshot did; `expired`: time alone.
 */
export type PresenceChange =
  | { readonly kind: 'user'; readonly userId: string; readonly from?: PresenceUser; readonly to?: PresenceUser; readonly cause: PresenceCause }
  | { readonly kind: 'state'; readonly userId: string; readonly conversationId: string; readonly from?: unknown; readonly to?: unknown; readonly cause: PresenceCause };

export type PresenceCause = 'live' | 'resync' | 'expired';

/** A call that failed. `status` is 0 where no answer came. */
export interface PresenceFailure extends Error {
  readonly status: number;
  readonly code?: string;
  readonly retryAfter?: number;
}

export interface PresenceEvents {
  change: PresenceChange;
  error: PresenceFailure;
}

/** Counts of this tab since it was made. */
export interface PresenceStatistics {
  /** Calls of HTTP. */
  readonly calls: number;
  /** Input that led to no call of its own, because the pace said so; a second counts once. */
  readonly heldBack: number;
  /** Answers that another tab asked for and shared. */
  readonly shared: number;
  /** Times that what is known was asked for again. */
  readonly resyncs: number;
}

export interface PresenceOptions {
  /** Where the functions are, without `/api`. */
  readonly url: string;
  /** The caller's token, or what fetches one; it is asked again when the server refuses the last. */
  readonly token: string | (() => string | Promise<string>);
  /** The token is a guest's session. */
  readonly guest?: boolean;
  /** The caller's id. Without it the token's `sub`. Tabs of the same user share one connection. */
  readonly user?: string;
}

export interface Presence {
  readonly connection: Store<PresenceConnection>;
  readonly me: Store<PresenceMe | undefined>;
  user(id: string): Store<PresenceUser | undefined>;
  users(ids: readonly string[]): Store<readonly (PresenceUser | undefined)[]>;
  room(conversationId: string): Store<PresenceRoom | undefined>;
  start(): void;
  /** Ends what `start` began, in this tab. */
  stop(): void;
  /** Signs the user out, everywhere, and stops in all tabs. */
  signOut(): Promise<void>;
  /** The user is active at this moment. */
  touch(): void;
  set(choice: PresenceChoice): Promise<PresenceMe>;
  /**
   * Shows members of a conversation what the user does at this moment, such as typing: any JSON of at most 1 KB. It lasts while the page is
   * visible, until something else is shown, or `null`.
   */
  show(conversationId: string, state: unknown): void;
  on<K extends keyof PresenceEvents>(event: K, listener: (argument: PresenceEvents[K]) => void): () => void;
  statistics(): PresenceStatistics;
}
