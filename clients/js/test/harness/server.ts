import type { Connect } from '../../src/surroundings.js';
import type { PresenceUser } from '../../src/types.js';
import type { Clock } from './clock.js';

export interface Received { method: string; path: string; query: URLSearchParams; headers: Record<string, string>; body: any; keepalive?: boolean; at: number }

interface Connection { id: string; user: string; heard: (name: string, argument: any) => void; closed: () => void; watching: Set<string>; pending: [string, any][] }

/** A small model of the server: who is in which conversation, how everybody is, and messages that a test delivers, doubles or loses. */
export class Server {
  received: Received[] = [];
  users = new Map<string, PresenceUser>();
  conversations = new Map<string, Set<string>>();
  connections: Connection[] = [];
  /** Answers of the next calls, by method and beginning of path. */
  refuse: { matches: string; status: number; code?: string; retryAfter?: number | string }[] = [];
  /** Messages wait for the test. */
  isHeldBack = false;
  /** Snapshots are sent by themselves. */
  snapshots = true;
  large = 100;
  pace = 65_000;
  connectedPace = 235_000;
  #version = 1;
  #changes: { conversation: string; id: string; left: boolean }[] = [];
  #last = 0;

  constructor(private clock: Clock) {}

  /** Somebody changes; everybody who may know is told. */
  set(userId: string, status: 'online' | 'away' | 'offline', more: Partial<PresenceUser> = {}): PresenceUser {
    const user: PresenceUser = {
      userId, isAnonymous: false, isOnline: status != 'offline', status, availability: status == 'online' ? 'available' : status, version: ++this.#version, ...more,
    };
    this.users.set(userId, user);
    for (const [conversation, members] of this.conversations) if (members.has(userId)) this.#changes.push({ conversation, id: userId, left: false });
    for (const c of this.connections) {
      const shared = [...this.conversations.values()].filter((m) => m.has(userId) && m.has(c.user)).length;
      for (let i = 0; i < shared + (c.watching.has(userId) ? 1 : 0); i++) this.send(c, 'user:status', user);
    }

    return user;
  }

  join(conversation: string, ...ids: string[]): void {
    const members = this.conversations.get(conversation) ?? new Set();
    this.conversations.set(conversation, members);
    for (const id of ids) {
      members.add(id);
      this.#changes.push({ conversation, id, left: false });
    }
  }

  part(conversation: string, id: string): void {
    this.conversations.get(conversation)?.delete(id);
    this.#changes.push({ conversation, id, left: true });
  }

  view(id: string): PresenceUser {
    return this.users.get(id) ?? { userId: id, isAnonymous: false, isOnline: false, status: 'offline', availability: 'offline', version: 0 };
  }

  /** To everybody. */
  tell(name: string, argument: unknown): void {
    for (const c of this.connections) this.send(c, name, argument);
  }

  send(c: Connection, name: string, argument: unknown): void {
    const message: [string, unknown] = [name, structuredClone(argument)];
    if (this.isHeldBack) c.pending.push(message);
    else c.heard(...message);
  }

  snapshotOf(c: Connection): object {
    return {
      users: [],
      conversations: [...this.conversations].filter(([, members]) => members.has(c.user)).map(([conversationId, members]) => ({
        conversationId,
        ...this.#roster(conversationId, [...members].filter((id) => this.view(id).isOnline)),
        isComplete: members.size <= this.large,
      })),
    };
  }

  drop(): void {
    for (const c of this.connections.splice(0)) c.closed();
  }

  connect: Connect = async ({ accessToken }, heard) => {
    let closed = (): void => {};
    const lost = new Promise<void>((resolve) => (closed = resolve));
    const c: Connection = { id: `c${++this.#last}`, user: accessToken, heard, closed, watching: new Set(), pending: [] };
    this.connections.push(c);
    if (this.snapshots) queueMicrotask(() => c.heard('presence:snapshot', structuredClone(this.snapshotOf(c))));
    return {
      id: c.id,
      lost,
      stop: () => {
        const at = this.connections.indexOf(c);
        if (at >= 0) this.connections.splice(at, 1);
        closed();
      },
    };
  };

  fetch = (async (input: string, init: RequestInit) => {
    const url = new URL(input);
    const headers = init.headers as Record<string, string>;
    const call: Received = {
      method: init.method!, path: url.pathname.replace('/api/', ''), query: url.searchParams, headers,
      body: init.body ? JSON.parse(init.body as string) : undefined, keepalive: init.keepalive, at: this.clock.now,
    };
    this.received.push(call);
    const refused = this.refuse.findIndex((r) => `${call.method} ${call.path}`.startsWith(r.matches));
    if (refused >= 0) {
      const [{ status, code, retryAfter }] = this.refuse.splice(refused, 1) as [Server['refuse'][number]];
      return respond(status, { success: false, error: code, code }, retryAfter ? { 'Retry-After': `${retryAfter}` } : {});
    }

    return this.#answer(call, (headers['Authorization'] ?? headers['X-Session-Token']!).replace('Bearer ', ''));
  }) as unknown as typeof fetch;

  calls(matches: string): Received[] {
    return this.received.filter((r) => `${r.method} ${r.path}`.startsWith(matches));
  }

  #answer(call: Received, caller: string): Response {
    const route = `${call.method} ${call.path}`;
    if (route == 'POST activity') {
      const at = this.clock.now + (call.headers['Presence-Connected'] ? this.connectedPace : this.pace);
      return ok({ status: 'online', throttled: false, nextRecordAt: new Date(at).toISOString() }, { 'Presence-Token': `token ${this.clock.now}` });
    }

    if (route == 'POST negotiate') return respond(200, { url: 'hub', accessToken: caller });
    if (route == 'GET presence/me') return ok({ ...this.view(caller), choice: null, applicationChoice: null, revision: 1 });
    if (route == 'PUT presence/me') return ok({ ...this.view(caller), choice: call.body, applicationChoice: null, revision: 2 });
    if (call.path == 'watches') {
      const c = this.connections.find((c) => c.id == call.body.connectionId);
      if (!c) return respond(404, { success: false, error: 'no', code: 'not_found' });
      if (call.method == 'PUT') c.watching = new Set(call.body.ids);
      for (const id of call.body.add ?? []) c.watching.add(id);
      for (const id of call.body.remove ?? []) c.watching.delete(id);
      const since = +(call.query.get('since') ?? 0);
      const named: string[] = call.body.ids ?? call.body.add ?? [];
      return ok({ users: named.map((id) => this.view(id)).filter((u) => !since || u.version > since || !u.version), version: `${this.#version}`, isComplete: !since, watching: c.watching.size });
    }

    const conversation = /^conversations\/(.*)\/presence$/.exec(call.path)?.[1];
    if (!conversation) return ok({});
    const members = this.conversations.get(decodeURIComponent(conversation));
    if (!members?.has(caller)) return respond(403, { success: false, code: 'forbidden' });
    const since = +call.query.get('since')!;
    const changes = this.#changes.slice(since).filter((c) => c.conversation == conversation);
    if (since && !changes.length) return respond(304);
    const isComplete = !since || changes.some((c) => c.left);
    const ids = isComplete ? [...members] : [...new Set(changes.map((c) => c.id))];
    const limit = +call.query.get('limit')!;
    return ok({ ...this.#roster(conversation, ids.slice(0, limit)), isComplete, nextAfter: ids.length > limit ? ids[limit - 1] : null });
  }

  #roster(conversation: string, ids: string[]): object {
    const members = [...this.conversations.get(conversation)!];
    const count = (status: string): number => members.filter((id) => this.view(id).status == status).length;
    const mode = members.length > this.large ? 'counts' : 'names';
    return {
      conversationId: conversation, occupancy: { members: members.length, online: count('online'), away: count('away') },
      users: mode == 'names' ? ids.map((id) => this.view(id)) : [], version: `${this.#changes.length}`, mode,
    };
  }
}

const respond = (status: number, body?: object, headers: Record<string, string> = {}): Response =>
  new Response(status == 304 ? null : JSON.stringify(body), { status, headers });

const ok = (data: object, headers: Record<string, string> = {}): Response => respond(200, { success: true, data }, headers);
