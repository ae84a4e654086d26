/** What the client needs of the world around it. Tests pass their own; nothing of it is looked up before `start`. */
export interface Surroundings {
  fetch: typeof fetch;
  /** ms, only ever rising, and comparable between tabs. */
  now(): number;
  /** ms since 1970. */
  wall(): number;
  later(action: () => void, ms: number): unknown;
  cancel(timer: unknown): void;
  random(): number;
  window?: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  document?: Pick<Document, 'addEventListener' | 'removeEventListener' | 'visibilityState'>;
  locks?: Pick<LockManager, 'request'>;
  channel?(name: string): Channel;
  connect: Connect;
}

export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close'> & { onmessage: ((event: MessageEvent) => void) | null };

/** An open connection to the SignalR service. */
export interface Link { id: string; stop(): void }

/** Opens a connection with what negotiating has granted. `closed` is called once, when it is lost. */
export type Connect = (
  grant: { url: string; accessToken: string }, heard: (name: string, argument: any) => void, closed: () => void) => Promise<Link>;

export const browser = (connect: Connect): Surroundings => {
  const { BroadcastChannel, document, window, navigator } = globalThis;
  return {
    fetch: (...a) => fetch(...a),
    now: () => performance.timeOrigin + performance.now(),
    wall: Date.now,
    later: (action, ms) => setTimeout(action, ms),
    cancel: (timer) => clearTimeout(timer as number),
    random: Math.random,
    window,
    document,
    locks: navigator?.locks,
    channel: window && BroadcastChannel && ((name) => new BroadcastChannel(name)),
    connect,
  };
};
