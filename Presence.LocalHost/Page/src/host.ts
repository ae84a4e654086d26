/** What the page asks of the local host beside the client: credentials, what a backend may, and troubles. */

import type { Report } from './analytics/report.js';

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

export class Refused extends Error {}

async function ask(method: string, path: string, headers: Record<string, string> = {}, by: Fetch = fetch, body?: unknown): Promise<any> {
  const response = await by(path, {
    method,
    headers: { 'Presence-Activity': 'passive', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text.startsWith('{') ? JSON.parse(text) : undefined;
  if (response.ok) return answer ? answer.data ?? answer : text.trim();
  throw new Refused(answer?.error ?? (response.status == 401 ? 'This host asks for a function key, which the page does not have.' : text.trim() || `${method} ${path}: ${response.status}`));
}

const query = encodeURIComponent;

/** Credentials for anybody; only this machine is given them. */
export const credentialsOf = (name: string, isGuest: boolean): Promise<string> =>
  ask('GET', isGuest ? `/dev/session?name=${query(name)}` : `/dev/token?user=${query(name)}`);

/** What only a backend may. */
export const backend = {
  join: (conversation: string, user: string) => ask('PUT', `/api/conversations/${query(conversation)}/members?userId=${query(user)}`),
  leave: (conversation: string, user: string) => ask('DELETE', `/api/conversations/${query(conversation)}/members?userId=${query(user)}`),
  explain: (user: string): Promise<Explanation> => ask('GET', `/maintenance/users/explain?userId=${query(user)}`),
  stats: () => ask('GET', '/maintenance/stats'),
  metrics: (): Promise<string> => ask('GET', '/metrics'),
  analytics: (asked: Record<string, string>): Promise<Report> => ask('GET', `/maintenance/analytics?${new URLSearchParams(asked)}`),
  cleanUp: () => ask('POST', '/maintenance/cleanup'),
};

export type Service = 'storage' | 'signalR';

export const troubles = {
  state: (): Promise<Record<Service, { isPossible: boolean; secondsLeft: number }>> => ask('GET', '/dev/troubles'),
  stop: (service: Service) => ask('POST', `/dev/troubles/${service}`),
  resume: (service: Service) => ask('DELETE', `/dev/troubles/${service}`),
  cut: (connectionId: string) => ask('POST', `/dev/troubles/cut?connectionId=${query(connectionId)}`),
};

/** What somebody may ask with credentials, beside what the client does. None of it is activity. */
export const callsOf = (credentials: () => Promise<string>, isGuest: boolean, by: Fetch) => {
  const mine = async (method: string, path: string, body?: unknown): Promise<any> => {
    const value = await credentials();
    return ask(method, `/api/${path}`, isGuest ? { 'X-Session-Token': value } : { Authorization: `Bearer ${value}` }, by, body);
  };
  return {
    conversations: async (): Promise<string[]> => (await mine('GET', 'conversations')).conversations.map((c: { conversationId: string }) => c.conversationId),
    explain: (): Promise<Explanation> => mine('GET', 'presence/me/explain'),
  };
};

/** Why somebody is as it is; what is not named here is shown as it is. */
export interface Explanation {
  sentence: string;
  reason: string;
  expected?: { at: string; what: string }[];
  connections?: unknown[];
  [field: string]: unknown;
}
