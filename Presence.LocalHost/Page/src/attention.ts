import type { Surroundings } from '../../../clients/js/src/surroundings.js';

type Listen = NonNullable<Surroundings['window']>;

const lifecycle = ['pagehide', 'pageshow', 'online'];

/**
 * What a device hears of its person: input in its own card, and not at all while the person is idle. Everything else is the page's. It takes
 * the place of `window` for the client, because several people share this one.
 */
export class Attention implements Listen {
  isIdle = false;
  readonly #card: HTMLElement;
  readonly #mine = new Map<EventListener, EventListener>();

  constructor(card: HTMLElement) {
    this.#card = card;
  }

  readonly addEventListener = (name: string, listener: any, options?: AddEventListenerOptions | boolean): void => {
    if (lifecycle.includes(name)) return window.addEventListener(name, listener, options);
    const mine = this.#mine.get(listener) ?? ((event: Event) => {
      if (!this.isIdle) listener(event);
    });
    this.#mine.set(listener, mine);
    this.#card.addEventListener(name, mine, options);
  };

  readonly removeEventListener = (name: string, listener: any, options?: EventListenerOptions | boolean): void => {
    window.removeEventListener(name, listener, options);
    this.#card.removeEventListener(name, this.#mine.get(listener) ?? listener, options);
  };
}
