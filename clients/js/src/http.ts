import type { PresenceFailure, PresenceOptions } from './types.js';

export interface Request { body?: unknown; headers?: Record<string, string>; keepalive?: boolean }

export interface Answer {
  /** Nothing where nothing has changed. */
  data: any;
  token: string | null;
  /** How far the server's clock is ahead, in ms, as far as it tells. */
  ahead: number;
}

export type Call = (method: string, path: string, request?: Request) => Promise<Answer>;

const patience = 30_000;

/** Calls of the functions. A token is used until the server refuses it; then another one is fetched, once. */
export function createCall({ url, token, guest }: PresenceOptions, counts: { calls: number }): { call: Call; credentials(): Promise<string> } {
  let current: Promise<string> | undefined;
  const credentials = (): Promise<string> => current ??= (async () => typeof token == 'string' ? token : token())();

  async function call(method: string, path: string, request: Request = {}, anew = false): Promise<Answer> {
    const { body, headers = { 'Presence-Activity': 'passive' }, keepalive } = request;
    const used = credentials();
    const failure: any = new Error();
    failure.status = 0;
    let message: unknown;
    let value: string | undefined;
    try {
      value = await used;
      counts.calls++;
      const response = await fetch(`${url}/api/${path}`, {
        method,
        keepalive,
        // Calls are made one after another: one that hangs must not hold up the rest.
        signal: AbortSignal.timeout(patience),
        body: body ? JSON.stringify(body) : undefined,
        headers: { ...headers, ...(guest ? { 'X-Session-Token': value } : { Authorization: `Bearer ${value}` }) },
      });
      const header = (name: string): string => response.headers.get(name)!;
      const ahead = Date.parse(header('Date')) - Date.now() || 0;
      failure.status = response.status;
      failure.retryAfter = secondsOf(header('Retry-After'), ahead);
      const answer = response.status == 304 ? undefined : await response.json();
      if (response.ok || !answer) return { data: answer?.data ?? answer, token: header('Presence-Token'), ahead };
      ({ error: message, code: failure.code } = answer);
    } catch (e) {
      message = e;
    }

    failure.message = `${method} ${path}: ${message}`;
    const isRefused = failure.status == 401;
    if (current == used && (value == undefined || isRefused)) current = undefined;
    if (isRefused && !anew) return call(method, path, request, true);
    throw failure as PresenceFailure;
  }

  return { call, credentials };
}

/** `Retry-After` is seconds, or a moment by the server's clock. */
const secondsOf = (text: string, ahead: number): number | undefined => +text || Math.max(0, (Date.parse(text) - ahead - Date.now()) / 1000) || undefined;
