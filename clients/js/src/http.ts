import type { PresenceFailure, PresenceOptions } from './types.js';
import type { Surroundings } from './surroundings.js';

export interface Request { body?: unknown; headers?: Record<string, string>; keepalive?: boolean }

export interface Answer { data: any; status: number; token: string | null; /** How far the server's clock is ahead, in ms, as far as it tells. */ ahead: number }

export type Call = (method: string, path: string, request?: Request) => Promise<Answer>;

/** Calls of the functions. A token is used until the server refuses it; then another one is fetched, once. */
export function createCall({ url, token, guest }: PresenceOptions, { fetch, wall }: Surroundings, count: () => void): { call: Call; credentials(): Promise<string> } {
  let current: Promise<string> | undefined;
  const credentials = (): Promise<string> => current ??= (async () => typeof token == 'string' ? token : token())();

  const call: Call = async (method, path, request = {}) => {
    for (let anew = false; ; anew = true) {
      const used = credentials();
      let response: Response | undefined;
      let answer: any;
      try {
        const value = await used;
        count();
        response = await fetch(`${url.replace(/\/$/, '')}/api/${path}`, {
          method,
          keepalive: request.keepalive,
          body: request.body ? JSON.stringify(request.body) : undefined,
          headers: { ...(guest ? { 'X-Session-Token': value } : { Authorization: `Bearer ${value}` }), ...(request.headers ?? { 'Presence-Activity': 'passive' }) },
        });
        if (response.status < 300) answer = await response.json();
      } catch (e) {
        if (current == used) current = undefined;
        throw Object.assign(new Error(`${method} ${path}: ${e}`), { status: 0 });
      }

      const { status, headers } = response;
      const date = Date.parse(headers.get('Date') ?? '');
      if (status < 300 || status == 304) {
        return { data: answer?.data ?? answer, status, token: headers.get('Presence-Token'), ahead: date - wall() || 0 };
      }

      if (status == 401 && current == used) current = undefined;
      if (status != 401 || anew) {
        answer = await response.json().catch(() => ({}));
        const failure: PresenceFailure = Object.assign(new Error(`${method} ${path}: ${answer.error ?? status}`), {
          status, code: answer.code, retryAfter: +headers.get('Retry-After')! || undefined,
        });
        throw failure;
      }
    }
  };

  return { call, credentials };
}
