import { connectWith, type IHttpConnectionOptions } from '../../../clients/js/src/signalr.js';
import type { Connect } from '../../../clients/js/src/surroundings.js';

/**
 * The network of one device, which can be cut: calls fail, and an open socket goes silent in both directions without being closed, so that
 * both ends have to find out. What was on its way arrives when the network is back, unless somebody has given up by then.
 */
export class Network {
  #cutUntil = 0;
  #waiting: (() => void)[] = [];

  /** When a cut ends by itself, in ms since 1970; 0 is none. */
  get cutUntil(): number {
    return this.#cutUntil;
  }

  cut(ms: number): void {
    this.#cutUntil = Date.now() + ms;
  }

  mend(): void {
    this.#cutUntil = 0;
    this.#waiting.splice(0).forEach((arrive) => arrive());
  }

  readonly fetch: typeof fetch = async (input, init) => {
    if (this.#cutUntil) throw new TypeError('there is no network');
    return fetch(input, init);
  };

  readonly connect: Connect = async (grant, heard, closed) => {
    if (this.#cutUntil) throw new TypeError('there is no network');
    // The official client has this option, and does not name it among its types.
    const options: IHttpConnectionOptions & { WebSocket: typeof WebSocket } = { WebSocket: this.#socket() };
    return connectWith(options)(grant, heard, closed);
  };

  #pass(action: () => void): void {
    if (this.#cutUntil) this.#waiting.push(action);
    else action();
  }

  #socket(): typeof WebSocket {
    const pass = this.#pass.bind(this);
    return class extends WebSocket {
      override send(data: string): void {
        pass(() => super.send(data));
      }

      override close(): void {
        pass(() => super.close());
      }

      override set onmessage(listener: ((event: MessageEvent) => void) | null) {
        super.onmessage = listener && ((event) => pass(() => listener.call(this, event)));
      }

      override set onclose(listener: ((event: CloseEvent) => void) | null) {
        super.onclose = listener && ((event) => pass(() => listener.call(this, event)));
      }
    };
  }
}
