/** What belongs to a tab. Tests pass their own; time, chance and `fetch` are the globals of the same names. */
export interface Surroundings {
  window?: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  document?: Pick<Document, 'addEventListener' | 'removeEventListener' | 'visibilityState'>;
  locks?: Pick<LockManager, 'request'>;
  channel?(name: string): Channel;
  connect: Connect;
}

export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close'> & { onmessage: ((event: MessageEvent) => void) | null };

/** An open connection to the SignalR service; `lost` comes when it is, and when it is stopped. */
export interface Link { id: string; stop(): void; lost: Promise<unknown> }

/** Opens a connection with what negotiating has granted. */
export type Connect = (
  grant: { url: string; accessToken: string }, heard: (name: string, argument: any) => void) => Promise<Link>;

export const browser = (connect: Connect): Surroundings => {
  const { BroadcastChannel, document, window, navigator } = globalThis;
  return {
    window,
    document,
    locks: navigator?.locks,
    channel: window && BroadcastChannel && ((name) => new BroadcastChannel(name)),
    connect,
  };
};

/** ms, only ever rising, and comparable between tabs: for what ends after a while, whatever happens to the device's clock. */
export const steady = (): number => performance.timeOrigin + performance.now();

/** Calls what the application has handed over. What it throws is the application's, and is told as such; it stops nothing here. */
export const safely = <T>(listener: (argument: T) => void, argument: T): void => {
  try {
    listener(argument);
  } catch (e) {
    setTimeout(() => {
      throw e;
    });
  }
};
