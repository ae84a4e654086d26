import { connect } from '../../../clients/js/src/signalr.js';
import type { Connect } from '../../../clients/js/src/surroundings.js';

/**
 * The network of one device, which can be cut: calls fail, and an open socket goes silent in both directions without being closed, so that
 * both ends have to find out. What was on its way arrives when the network is back, unless somebody has given up by then.
 *
 * The client uses the global `fetch` and `WebSocket`. Here several devices share them; whose a call is tells its address, `device-1:/api/…`,
 * and whose a socket is the access token that it was granted.
 */
export class Network {
  /** What the client is given as the address of the functions. */
  readonly url = `device-${networks.length + 1}:`;
  #cutUntil = 0;
  #waiting: (() => void)[] = [];

  constructor() {
    networks.push(this);
  }

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

  readonly fetch = async (path: string, init?: RequestInit): Promise<Response> => {
    this.#mustBeThere();
    return globalFetch(path, init);
  };

  readonly connect: Connect = async (grant, heard) => {
    this.#mustBeThere();
    granted.set(grant.accessToken, this);
    try {
      return await connect(grant, heard);
    } finally {
      granted.delete(grant.accessToken);
    }
  };

  /** Does it, or lets it wait until the network is back. */
  pass(action: () => void): void {
    if (this.#cutUntil) this.#waiting.push(action);
    else action();
  }

  #mustBeThere(): void {
    if (this.#cutUntil) throw new TypeError('there is no network');
  }
}

const networks: Network[] = [];
const granted = new Map<string, Network>();
const globalFetch = globalThis.fetch.bind(globalThis);

globalThis.fetch = (input, init) => {
  const [, number, path] = /^device-(\d+):(.*)/.exec(`${input}`) ?? [];
  return number ? networks[Number(number) - 1]!.fetch(path!, init) : globalFetch(input, init);
};

globalThis.WebSocket = class extends WebSocket {
  readonly #pass: (action: () => void) => void;

  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    const network = granted.get(new URL(url).searchParams.get('access_token') ?? '');
    this.#pass = network ? (action) => network.pass(action) : (action) => action();
  }

  override send(data: string): void {
    this.#pass(() => super.send(data));
  }

  override close(): void {
    this.#pass(() => super.close());
  }

  override set onmessage(listener: ((event: MessageEvent) => void) | null) {
    super.onmessage = listener && ((event) => this.#pass(() => listener.call(this, event)));
  }

  override set onclose(listener: ((event: CloseEvent) => void) | null) {
    super.onclose = listener && ((event) => this.#pass(() => listener.call(this, event)));
  }
};
