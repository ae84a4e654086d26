import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Presence, PresenceChange } from '../../src/types.js';
import { clientOf, join, live, sessionOf, someone, tokenOf, until, url } from './host.js';

const clients: Presence[] = [];
after(() => clients.forEach((c) => c.stop()));

const client = (...args: Parameters<typeof clientOf>): Presence => {
  const made = clientOf(...args);
  clients.push(made);
  return made;
};

test('who is in a conversation is here, and what they do is heard', async () => {
  const [alice, bob, room] = [someone('alice'), someone('bob'), someone('room')];
  await join(room, alice, bob);
  const [a, b] = [client(alice), client(bob)];
  await live(b);
  const team = b.room(room);
  team.subscribe(() => {});
  await until('roster', () => team.get()?.isWhole);
  assert.deepEqual(team.get()!.users.map((u) => [u.userId, u.status]).sort(), [[alice, 'offline'], [bob, 'online']]);
  const changes: PresenceChange[] = [];
  b.on('change', (c) => changes.push(c));

  await live(a);
  await until('alice is here', () => b.user(alice).get()?.isOnline);
  await a.set({ availability: 'busy', text: 'on a train' });
  await until('alice is busy', () => b.user(alice).get()?.text == 'on a train');
  for (let i = 0; i < 30; i++) a.show(room, { typing: i });
  await until('alice types', () => (team.get()!.states[alice] as any)?.typing == 29);
  a.show(room, null);
  await until('alice types no more', () => !team.get()!.states[alice]);
  a.show(room, 'here');
  await until('alice shows something else', () => team.get()!.states[alice] == 'here');

  await a.signOut();
  assert.deepEqual(a.connection.get(), { state: 'off', reason: 'signed_out' });
  await until('alice is gone', () => b.user(alice).get()?.status == 'offline');
  assert.deepEqual(team.get()!.states, {});
  assert.deepEqual(team.get()!.occupancy, { members: 2, online: 1, away: 0 });
  assert.ok(changes.every((c) => c.cause == 'live'));
});

test('who is watched is heard of, once it may be seen', async () => {
  const [alice, bob, room] = [someone('alice'), someone('bob'), someone('room')];
  await join(room, alice, bob);
  const [a, b] = [client(alice), client(bob)];
  await live(b);
  const people = b.users([alice, someone('nobody')]);
  people.subscribe(() => {});
  await until('an answer', () => people.get().every(Boolean));
  assert.deepEqual(people.get().map((u) => u!.status), ['offline', 'offline']);
  await live(a);
  await until('alice is here', () => people.get()[0]!.isOnline);
});

test('one connection lost is another one, and everything is known again', async () => {
  const [alice, bob, room] = [someone('alice'), someone('bob'), someone('room')];
  await join(room, alice, bob);
  const [a, b] = [client(alice), client(bob)];
  await live(b);
  b.room(room).subscribe(() => {});
  b.user(alice).subscribe(() => {});
  b.me.subscribe(() => {});
  await until('roster', () => b.room(room).get()?.isWhole && b.me.get());
  const before = b.room(room).get();
  const states: string[] = [];
  b.connection.subscribe(() => states.push(b.connection.get().state));
  const [connection] = await connectionsOf(bob);
  // Signing out at one connection closes it; the token stays good, so that the client comes back.
  await fetch(`${url}/api/presence/me/connections/${connection}`, { method: 'DELETE', headers: { Authorization: `Bearer ${await tokenOf(bob)}` } });

  await until('live again', () => states.at(-1) == 'live');
  assert.deepEqual(states, ['waiting', 'stale', 'live']);
  assert.equal(b.room(room).get()?.users.find((u) => u.userId == alice), before?.users.find((u) => u.userId == alice));
  assert.equal(b.statistics().resyncs, 1);
  await live(a);
  await until('alice is here', () => b.user(alice).get()?.isOnline && b.room(room).get()?.occupancy.online == 2);
});

test('a client stops for good when its user is signed out elsewhere', async () => {
  const bob = someone('bob');
  const token = await tokenOf(bob);
  const b = client(bob, { token });
  await live(b);
  await fetch(`${url}/api/presence/me`, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
  await until('off', () => b.connection.get().state == 'off');
  assert.deepEqual(b.connection.get(), { state: 'off', reason: 'signed_out' });
});

test('guests connect with their session', async () => {
  const name = someone('guest');
  const session = await sessionOf(name);
  const g = client('', { token: session, guest: true });
  await live(g);
  g.me.subscribe(() => {});
  await until('me', () => g.me.get());
  assert.equal(g.me.get()?.userId, `anon:${name}`);
  await until('the lobby names the guest', () => g.room('lobby').get()?.users.some((u) => u.userId == `anon:${name}`));
});

test('the server asks a connected client for activity seldom, and takes its token', async () => {
  const bob = someone('bob');
  const b = client(bob);
  await live(b);
  assert.equal(b.statistics().calls, 2);
  b.touch();
  b.touch();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(b.statistics().calls, 2);
  assert.ok(b.statistics().heldBack > 0);
});

test('a conversation of others is refused, and said so', async () => {
  const [bob, room] = [someone('bob'), someone('room')];
  await join(room, someone('alice'));
  const b = client(bob);
  const errors: string[] = [];
  b.on('error', (e) => errors.push(e.code!));
  await live(b);
  b.room(room).subscribe(() => {});
  await until('an error', () => errors.length);
  assert.deepEqual([errors, b.room(room).get()], [['forbidden'], undefined]);
});

test('what is shown in a conversation of others is refused, once', async () => {
  const [bob, room] = [someone('bob'), someone('room')];
  await join(room, someone('alice'));
  const b = client(bob);
  const errors: string[] = [];
  b.on('error', (e) => errors.push(e.code!));
  await live(b);
  b.show(room, 'here');
  await until('an error', () => errors.length);
  assert.deepEqual(errors, ['forbidden']);
});

async function connectionsOf(user: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/presence/me/connections`, { headers: { Authorization: `Bearer ${await tokenOf(user)}`, 'Presence-Activity': 'passive' } });
  return (await answer.json()).data.connections.map((c: { connectionId: string; id?: string }) => c.connectionId ?? c.id);
}
