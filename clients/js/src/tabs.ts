import type { Channel, Surroundings } from './surroundings.js';

/**
 * The tabs of one browser and user: leader election by a Web Lock, and a channel between them. Whoever holds the lock leads; a tab that
 * closes, crashes or leaves lets go of it, and the next one is granted it. Without locks or channels every tab leads itself.
 */
export function createTabs({ locks, channel }: Surroundings, id: string, joined: () => void, lead: () => void, receive: (message: any) => void) {
  let scope = '';
  let open: Channel | undefined;
  let ended: AbortController;
  const lock = (name: string, granted: () => unknown): void =>
    void locks!.request(scope + name, { signal: ended.signal }, granted).catch(() => {});

  return {
    join(user: string | undefined): void {
      if (!locks || !channel || !user) return lead();
      scope = user;
      ended = new AbortController();
      const left = new Promise((resolve) => (ended.signal.onabort = resolve));
      open = channel(scope);
      open.onmessage = (event) => receive(event.data);
      // Joined once its own lock is held: whoever asks for that lock afterwards is granted it when this tab is gone.
      lock(' ' + id, () => (joined(), left));
      lock('', () => (lead(), left));
    },
    post: (message: unknown): void => open?.postMessage(message),
    leave(): void {
      ended?.abort();
      open?.close();
      open = undefined;
    },
    /** `gone` is called when the tab is, however it went. */
    watch: (tab: string, gone: () => void): void => lock(' ' + tab, gone),
  };
}
