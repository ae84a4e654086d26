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
    let failure: Omit<PresenceFailure, keyof Error> = { status: 0 };
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
      const { status } = response;
      const header = (name: string): string | null => response.headers.get(name);
      const ahead = Date.parse(header('Date')!) - Date.now() || 0;
      failure = { status, retryAfter: secondsOf(header('Retry-After')!, ahead) };
      const answer = status == 304 ? undefined : await response.json();
      if (response.ok || !answer) return { data: answer?.data ?? answer, token: header('Presence-Token'), ahead };
      message = answer.error;
      failure = { ...failure, code: answer.code };
    } catch (e) {
      message = e;
    }

    const isRefused = failure.status == 401;
    if (current == used && (value == undefined || isRefused)) current = undefined;
    if (isRefused && !anew) return call(method, path, request, true);
    throw Object.assign(new Error(`${method} ${path}: ${message}`), failure);
  }

  return { call, credentials };
}

/** `Retry-After` is seconds, or a moment by the server's clock. */
const secondsOf = (text: string, ahead: number): number | undefined => +text || Math.max(0, (Date.parse(text) - ahead - Date.now()) / 1000) || undefined;
