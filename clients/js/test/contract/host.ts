import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createPresence } from '../../src/index.js';
import type { Presence, PresenceOptions } from '../../src/types.js';

/** The system under test: a local host, which hands out credentials. */
export const url = process.env['PRESENCE_URL']!;
assert.ok(url, 'PRESENCE_URL names no local host');

const key = process.env['PRESENCE_KEY'] ?? 'none';

export const someone = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

export async function tokenOf(user: string): Promise<string> {
  return (await (await fetch(`${url}/dev/token?user=${user}`)).text()).trim();
}

export async function sessionOf(name: string): Promise<string> {
  return (await (await fetch(`${url}/dev/session?name=${name}`)).text()).trim();
}

export async function join(conversation: string, ...users: string[]): Promise<void> {
  for (const user of users) {
    const answer = await fetch(`${url}/api/conversations/${conversation}/members?userId=${encodeURIComponent(user)}`, { method: 'PUT', headers: { 'x-functions-key': key } });
    assert.ok(answer.ok, await answer.text());
  }
}

export const clientOf = (user: string, more: Partial<PresenceOptions> = {}): Presence => createPresence({ url, token: () => tokenOf(user), ...more });

/** Waits for what is to come, however slow the machine is. */
export async function until(what: string, isTrue: () => unknown): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isTrue()) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function live(presence: Presence): Promise<void> {
  presence.start();
  await until('live', () => presence.connection.get().state == 'live');
}
