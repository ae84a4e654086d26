import { backoff } from './backoff.js';
import type { Call } from './http.js';
import type { PresenceFailure } from './types.js';

/** The server takes ten states in a second of a user, from all its devices together. */
const between = 125;

/** A state holds for ten seconds; whoever comes later hears of it with the next time that it is told. */
const toldEvery = 5_000;

/**
 * What the user of this tab shows in conversations: told one after another, only the newest of each, and again while it lasts. While it
 * may not be told it ends by itself.
 */
export function createShowing(call: Call, failed: (failure: PresenceFailure) => boolean, may: () => boolean) {
  const shown = new Map<string, unknown>();
  /** Conversations that are to be told, in their order. */
  const due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let telling = false;
  let failures = 0;

  async function tell(): Promise<void> {
    if (telling) return;
    telling = true;
    for (const id of due) {
      due.delete(id);
      if (!shown.has(id) || !may()) continue;
      const state = shown.get(id);
      let isOver = state === null;
      let wait = between;
      try {
        await call('PUT', `conversations/${encodeURIComponent(id)}/state`, { body: { state } });
        failures = 0;
      } catch (e) {
        failed(e as PresenceFailure);
        const { status, retryAfter } = e as PresenceFailure;
        // What is refused for what it is, is not told again.
        isOver = [400, 403].includes(status);
        if (!isOver) {
          due.add(id);
          wait = backoff(failures++, retryAfter);
        }
      }

      if (isOver && !due.has(id)) shown.delete(id);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }

    telling = false;
  }

  function again(): void {
    timer = shown.size ? setTimeout(again, toldEvery) : undefined;
    for (const id of shown.keys()) due.add(id);
    void tell();
  }

  return {
    show(conversationId: string, state: unknown = null): void {
      if (JSON.stringify(state) == JSON.stringify(shown.get(conversationId) ?? null)) return;
      shown.set(conversationId, state);
      due.add(conversationId);
      timer ??= setTimeout(again, toldEvery);
      void tell();
    },
    stop: (): void => shown.clear(),
  };
}
