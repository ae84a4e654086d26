import type { Channel, Surroundings } from './surroundings.js';

/**
 * The tabs of one browser and user: leader election by a Web Lock, and a channel between them. Whoever holds the lock leads; a tab that
 * closes, crashes or leaves lets go of it, and the next one is granted it. Without locks or channels every tab leads itself.
 */
export function createTabs({ locks, channel }: Surroundings, id: string, joined: () => void, lead: () => void, receive: (message: any) => void) {
  let open: Channel | undefined;
  let leave = (): void => {};
  let watch = (_tab: string, _gone: () => void): void => {};

  return {
    join(scope: string | undefined): void {
      if (!locks || !channel || !scope) return lead();
      const ended = new AbortController();
      const { signal } = ended;
      const left = new Promise<void>((resolve) => (leave = () => {
        ended.abort();
        resolve();
        open!.close();
        open = undefined;
      }));
      open = channel(scope);
      open.onmessage = (event) => receive(event.data);
      const hold = (name: string, held: () => void): void => {
        locks.request(name, { signal }, () => (held(), left)).catch(() => {});
      };
      // Joined once its own lock is held: whoever asks for that lock afterwards is granted it when this tab is gone.
      hold(`${scope} ${id}`, joined);
      hold(scope, lead);
      watch = (tab, gone) => void locks.request(`${scope} ${tab}`, { signal }, gone).catch(() => {});
    },
    post: (message: unknown): void => open?.postMessage(message),
    leave: (): void => {
      leave();
      leave = () => {};
    },
    /** `gone` is called when the tab is, however it went. */
    watch: (tab: string, gone: () => void): void => watch(tab, gone),
  };
}
