import type { Surroundings } from './surroundings.js';

const input = 'pointerdown pointermove keydown wheel touchstart';

/** Input is told of once in so many ms; what listeners do in between is to remember the moment. */
const inputEvery = 1_000;

export interface PageEvents {
  /** The user was active at a moment. `flush`: nothing more may come. */
  input(at: number, flush?: boolean): void;
  /** The page is frozen, goes away, or into the back-forward cache. */
  left(isHidden: boolean): void;
  back(): void;
  /** Trying again may help now. */
  wake(): void;
}

/** The life of a page, as its document tells of it. */
export function watchPage({ window, document }: Surroundings, events: PageEvents): () => void {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new AbortController();
  const on = (target: Surroundings['window'] | Surroundings['document'], names: string, listener: (event: any) => void): void => {
    for (const name of names.split(' ')) target?.addEventListener(name, listener, { passive: true, capture: true, signal: ended.signal });
  };

  const tell = (flush?: boolean): void => {
    clearTimeout(timer);
    timer = undefined;
    events.input(last, flush);
  };
  const remember = (): void => {
    last = Date.now();
    timer ??= setTimeout(tell, inputEvery);
  };

  on(window, input, remember);
  on(document, 'visibilitychange', () => {
    if (document!.visibilityState == 'hidden') return tell(true);
    remember();
    events.wake();
  });
  on(document, 'freeze', () => events.left(false));
  on(document, 'resume', events.back);
  on(window, 'pagehide', () => {
    tell(true);
    events.left(true);
  });
  on(window, 'pageshow', (event) => {
    if (event.persisted) events.back();
  });
  on(window, 'online', events.wake);
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
}
