import { createPresenceIn } from '../../../clients/js/src/presence.js';
import type { Presence, PresenceUser } from '../../../clients/js/src/types.js';
import { Attention } from './attention.js';
import { callsOf, credentialsOf } from './host.js';
import { Network } from './network.js';

/** Who somebody is, as the address of the page names it: `alice`, or `guest:dora`. */
export interface Who { name: string; isGuest: boolean }

/** A device of somebody: the client, and the parts of the world that the page takes the place of for it. */
export class Person {
  readonly id: string;
  readonly network = new Network();
  readonly attention: Attention;
  readonly presence: Presence;
  readonly calls: ReturnType<typeof callsOf>;
  connectionId: string | undefined;

  constructor(readonly who: Who, card: HTMLElement) {
    const { name, isGuest } = who;
    this.id = isGuest ? `anon:${name}` : name;
    this.attention = new Attention(card);
    let credentials: Promise<string> | undefined;
    const fresh = (): Promise<string> => {
      const asked = credentials = credentialsOf(name, isGuest);
      asked.catch(() => (credentials = undefined));
      return asked;
    };
    this.calls = callsOf(() => credentials ?? fresh(), isGuest, this.network.fetch);

    // An application calls `createPresence` with these options. Here several devices live in one page: each has a network and a person of its
    // own, and without locks they do not share a connection, as tabs of one user do.
    this.presence = createPresenceIn({ url: this.network.url, token: fresh, guest: isGuest, user: this.id }, {
      window: this.attention,
      document,
      connect: async (grant, heard) => {
        const link = await this.network.connect(grant, heard);
        this.connectionId = link.id;
        return link;
      },
    });
  }

  /** How others see it, as far as that is known here. */
  seen(): PresenceUser | undefined {
    return this.presence.user(this.id).get() ?? this.presence.me.get();
  }
}
