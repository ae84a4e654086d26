import type { PresenceFailure, PresenceOptions } from './types.js';

export interface Request { body?: unknown; headers?: Record<string, string>; keepalive?: boolean }

export interface Answer { data: any; status: number; token: string | null; /** How far the server's clock is ahead, in ms, as far as it tells. */ ahead: number }

export type Call = (method: string, path: string, request?: Request) => Promise<Answer>;

const patience = 30_000;

/** Calls of the functions. A token is used until the server refuses it; then another one is fetched, once. */
export function createCall({ url, token, guest }: PresenceOptions, counts: { calls: number }): { call: Call; credentials(): Promise<string> } {
  let current: Promise<string> | undefined;
  const credentials = (): Promise<string> => current ??= (async () => typeof token == 'string' ? token : token())();

  async function call(method: string, path: string, { body, headers = { 'Presence-Activity': 'passive' }, keepalive }: Request = {}, anew = false): Promise<Answer> {
    const used = credentials();
    let failure: Omit<PresenceFailure, keyof Error> = { status: 0 };
    let message: unknown;
    let hasToken = false;
    try {
      const value = await used;
      hasToken = true;
      counts.calls++;
      const response = await fetch(`${url}/api/${path}`, {
        method,
        keepalive,
        // Calls are made one after another: one that hangs must not hold up the rest.
        signal: AbortSignal.timeout(patience),
        body: body ? JSON.stringify(body) : undefined,
        headers: { ...headers, ...(guest ? { 'X-Session-Token': value } : { Authorization: `Bearer ${value}` }) },
      });
      const { status, ok } = response;
      const header = (name: string): string | null => response.headers.get(name);
      failure = { status, retryAfter: +header('Retry-After')! || undefined };
      const answer = status == 304 ? {} : await response.json();
      if (ok || status == 304) {
        return { data: answer.data ?? answer, status, token: header('Presence-Token'), ahead: Date.parse(header('Date')!) - Date.now() || 0 };
      }

      message = answer.error;
      failure = { ...failure, code: answer.code };
    } catch (e) {
      message = e;
    }

    const { status } = failure;
    if (current == used && (!hasToken || status == 401)) current = undefined;
    if (status == 401 && !anew) return call(method, path, { body, headers, keepalive }, true);
    throw Object.assign(new Error(`${method} ${path}: ${message}`), failure);
  }

  return { call, credentials };
}
