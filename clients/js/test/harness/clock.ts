/** Time that passes when a test says so, in the place of the globals that tell it. */
export class Clock {
  now = Date.UTC(2026, 10, 26, 10);
  #timers = new Map<number, { at: number; action: () => void }>();
  #last = 0;

  constructor() {
    Object.assign(globalThis, { setTimeout: this.later, clearTimeout: this.cancel, performance: { timeOrigin: 0, now: () => this.now } });
    Date.now = () => this.now;
  }

  later = (action: () => void, ms: number): unknown => {
    this.#timers.set(++this.#last, { at: this.now + Math.max(0, ms), action });
    return this.#last;
  };

  cancel = (timer: unknown): void => void this.#timers.delete(timer as number);

  /** Lets what is under way come to rest, without time passing. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.settle();
    for (;;) {
      const [next] = [...this.#timers].filter(([, t]) => t.at <= end).sort(([i, a], [j, b]) => a.at - b.at || i - j);
      if (!next) break;
      this.#timers.delete(next[0]);
      this.now = Math.max(this.now, next[1].at);
      next[1].action();
      await this.settle();
    }

    this.now = end;
  }
}
