import type { Pace } from './knowledge.js';

/** After so long without input the moment of the last is told, once, if it is not known yet. */
export const quietAfter = 30_000;

/**
 * When to tell the server that its user is active: not before it wants to hear (`next`), or when input has ended. `tell` resolves when it has
 * been told, or has failed, to the moment until which the server is to be left alone.
 */
export function createPace(known: { pace: Pace }, tell: (at: number) => Promise<number>, counts: { heldBack: number }) {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let telling = false;
  let stopped = false;
  let failedUntil = 0;

  async function check(input?: boolean, flush?: boolean): Promise<void> {
    clearTimeout(timer);
    if (stopped || telling || last <= known.pace.told) return;
    const wait = Math.max(failedUntil, Math.min(known.pace.next, last + quietAfter)) - Date.now();
    if (wait > 0 && !flush) {
      if (input) counts.heldBack++;
      timer = setTimeout(check, wait);
      return;
    }

    telling = true;
    failedUntil = await tell(last);
    telling = false;
    void check();
  }

  return {
    /** The user was active. `flush`: this may be the last chance to tell it. */
    note(at: number, flush?: boolean): Promise<void> {
      const isNew = at > last;
      last = Math.max(last, at);
      stopped = false;
      return check(isNew, flush);
    },
    /** Nothing is told until the user is active again, not even what is known already. */
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
