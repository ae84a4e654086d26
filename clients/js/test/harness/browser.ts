/** Locks and channels of one browser. */
export class Browser {
  #held = new Map<string, Promise<unknown>[]>();
  channels = new Set<{ name: string; onmessage: ((event: MessageEvent) => void) | null }>();

  locks = {
    request: (name: string, options: { signal?: AbortSignal }, granted: () => unknown): Promise<void> => {
      const queue = this.#held.get(name) ?? [];
      this.#held.set(name, queue);
      const before = [...queue];
      let aborted = false;
      const done = new Promise<void>((resolve, reject) => {
        options.signal?.addEventListener('abort', () => {
          aborted = true;
          if (!isGranted) resolve(reject(new Error('aborted')));
        });
      });
      let isGranted = false;
      const turn = Promise.allSettled(before).then(async () => {
        if (aborted) return;
        isGranted = true;
        await granted();
      });
      const finished = Promise.race([turn, done.catch(() => {})]);
      queue.push(finished);
      void finished.then(() => queue.splice(queue.indexOf(finished), 1));
      return Promise.race([turn, done]);
    },
  } as unknown as Pick<LockManager, 'request'>;

  channel = (name: string) => {
    const all = this.channels;
    const channel = {
      name,
      onmessage: null as ((event: MessageEvent) => void) | null,
      postMessage(data: unknown): void {
        const copy = structuredClone(data);
        for (const other of all) {
          if (other != channel && other.name == name) queueMicrotask(() => all.has(other) && other.onmessage?.({ data: structuredClone(copy) } as MessageEvent));
        }
      },
      close: () => void all.delete(channel),
    };
    all.add(channel);
    return channel;
  };
}

/** A page whose events a test sends. */
export class Page {
  visibilityState: 'visible' | 'hidden' = 'visible';
  #window = new EventTarget();
  #document = new EventTarget();

  window = this.#window as unknown as Window;

  get document(): Pick<Document, 'addEventListener' | 'removeEventListener' | 'visibilityState'> {
    const page = this;
    return {
      addEventListener: this.#document.addEventListener.bind(this.#document),
      removeEventListener: this.#document.removeEventListener.bind(this.#document),
      get visibilityState() { return page.visibilityState; },
    } as never;
  }

  input(): void { this.#window.dispatchEvent(new Event('keydown')); }

  show(state: 'visible' | 'hidden'): void {
    this.visibilityState = state;
    this.#document.dispatchEvent(new Event('visibilitychange'));
  }

  document_(name: string): void { this.#document.dispatchEvent(new Event(name)); }

  window_(name: string, fields: object = {}): void { this.#window.dispatchEvent(Object.assign(new Event(name), fields)); }
}
