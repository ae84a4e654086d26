import { createPresenceIn } from '../../src/presence.js';
import type { Presence, PresenceOptions } from '../../src/types.js';
import { Browser, Page } from './browser.js';
import { Clock } from './clock.js';
import { Server } from './server.js';

export interface Tab { presence: Presence; page: Page }

/** A server, a browser, and tabs in it. */
export class World {
  clock = new Clock();
  server = new Server(this.clock);
  browser = new Browser();

  constructor() {
    globalThis.fetch = this.server.fetch;
    // Half of what it could be, but different for each tab.
    let last = 0;
    Math.random = () => 0.5 + ++last / 1e12;
  }

  /** A tab whose user is `me`; without locks it is one of a browser that has none. */
  tab(options: Partial<PresenceOptions> = {}, { visible = true, locks = true } = {}): Tab {
    const page = new Page();
    page.visibilityState = visible ? 'visible' : 'hidden';
    const presence = createPresenceIn({ url: 'https://presence.example', token: 'me', user: 'me', ...options }, {
      window: page.window,
      document: page.document,
      ...(locks && { locks: this.browser.locks, channel: this.browser.channel }),
      connect: this.server.connect,
    });
    return { presence, page };
  }

  async started(options: Partial<PresenceOptions> = {}, how: { visible?: boolean; locks?: boolean } = {}): Promise<Tab> {
    const tab = this.tab(options, how);
    tab.presence.start();
    await this.clock.advance(100);
    return tab;
  }
}

/** Listens, so that it is kept up to date. */
export function listen(store: { subscribe(listener: () => void): () => void }): { times: number; end(): void } {
  const seen = { times: 0, end: store.subscribe(() => seen.times++) };
  return seen;
}
