import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresenceChange } from '../../src/types.js';
import { World, listen } from '../harness/world.js';

test('listening is watching, counted and batched', async () => {
  const world = new World();
  world.server.set('bob', 'online');
  const { presence } = await world.started();

  const [bob, again, both] = [listen(presence.user('bob')), listen(presence.user('bob')), listen(presence.users(['bob', 'carol']))];
  await world.clock.advance(100);
  assert.deepEqual(world.server.calls('PUT watches').map((c) => c.body.ids), [['bob', 'carol']]);
  assert.equal(presence.user('bob').get()?.status, 'online');
  assert.deepEqual(presence.users(['bob', 'carol']).get().map((u) => u?.status), ['online', 'offline']);

  bob.end();
  both.end();
  listen(presence.user('dave'));
  await world.clock.advance(100);
  assert.deepEqual(world.server.calls('PATCH watches').map((c) => [c.body.add, c.body.remove]), [[['dave'], ['carol']]]);

  again.end();
  again.end();
  await world.clock.advance(100);
  assert.deepEqual([...world.server.connections[0]!.watching], ['dave']);
  assert.equal(presence.user('bob').get(), undefined);
});

test('who begins and ends listening at once is not watched', async () => {
  const world = new World();
  const { presence } = await world.started();
  listen(presence.user('bob')).end();
  await world.clock.advance(1_000);
  assert.equal(world.server.received.filter((r) => r.path == 'watches').length, 0);
});

test('a new connection is told the whole list, since the version of the one before', async () => {
  const world = new World();
  world.server.set('bob', 'online');
  const { presence } = await world.started();
  listen(presence.user('bob'));
  await world.clock.advance(100);
  world.server.drop();
  world.server.set('bob', 'away');
  await world.clock.advance(5_000);
  assert.deepEqual(world.server.calls('PUT watches').map((c) => c.query.get('since')), [null, '2']);
  assert.equal(presence.user('bob').get()?.status, 'away');
});

test('a version is not brought for users whom it is not about', async () => {
  const world = new World();
  world.server.set('bob', 'online');
  world.server.set('carol', 'online');
  const { presence } = await world.started();
  listen(presence.user('bob'));
  await world.clock.advance(100);
  listen(presence.user('carol'));
  await world.clock.advance(100);
  world.server.drop();
  await world.clock.advance(5_000);
  assert.deepEqual(world.server.calls('PUT watches').map((c) => c.query.get('since')), [null, null]);
  world.server.drop();
  await world.clock.advance(5_000);
  assert.equal(world.server.calls('PUT watches')[2]!.query.get('since'), '3');
});

test('a list that was refused because the service was away is sent again as a whole', async () => {
  const world = new World();
  const { presence } = await world.started();
  listen(presence.user('bob'));
  await world.clock.advance(100);
  world.server.refuse = [{ matches: 'PATCH watches', status: 503, retryAfter: 3 }];
  listen(presence.user('carol'));
  await world.clock.advance(3_000);
  assert.equal(world.server.calls('PUT watches').length, 1);
  await world.clock.advance(1_000);
  assert.deepEqual(world.server.calls('PUT watches')[1]!.body.ids, ['bob', 'carol']);
});

test('that nobody is listened to any more is told even if that fails at first', async () => {
  const world = new World();
  const { presence } = await world.started();
  const bob = listen(presence.user('bob'));
  await world.clock.advance(100);
  world.server.refuse = [{ matches: 'PATCH watches', status: 503, retryAfter: 1 }];
  bob.end();
  await world.clock.advance(5_000);
  assert.deepEqual(world.server.calls('PUT watches').map((c) => c.body.ids), [['bob'], []]);
  assert.deepEqual([...world.server.connections[0]!.watching], []);
});

test('values stay the same reference while nothing is different', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob', 'carol');
  world.server.set('bob', 'online');
  const { presence } = await world.started();
  const [team, bob, people] = [presence.room('team'), presence.user('bob'), presence.users(['bob', 'carol'])];
  const heard = [team, bob, people].map(listen);
  await world.clock.advance(100);
  const before = [team.get(), bob.get(), people.get()];
  const times = heard.map((h) => h.times);

  for (const c of world.server.connections) world.server.send(c, 'user:status', world.server.view('bob'));
  world.server.drop();
  await world.clock.advance(5_000);
  assert.deepEqual([team.get(), bob.get(), people.get()].map((v, i) => v === before[i]), [true, true, true]);
  assert.deepEqual(heard.map((h) => h.times), times);

  const carol = team.get()!.users.find((u) => u.userId == 'carol');
  world.server.set('bob', 'away');
  assert.deepEqual([team.get(), bob.get(), people.get()].map((v, i) => v === before[i]), [false, false, false]);
  assert.equal(team.get()!.users.find((u) => u.userId == 'carol'), carol);
  assert.equal(people.get()[1], carol);
});

test('a message that is known already, or older, is no news', async () => {
  const world = new World();
  world.server.join('lobby', 'me', 'bob');
  const { presence } = await world.started();
  const changes: PresenceChange[] = [];
  const older = structuredClone(world.server.set('bob', 'online'));
  world.server.set('bob', 'away');
  presence.on('change', (c) => changes.push(c));
  world.server.tell('user:status', older);
  world.server.tell('user:status:batch', [older, world.server.view('bob')]);
  assert.equal(presence.user('bob').get()?.status, 'away');
  assert.deepEqual(changes, []);
});

test('an answer replaces what messages said before it was asked for, whatever its version', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.set('bob', 'online', { version: 90 });
  const { presence } = await world.started();
  listen(presence.user('bob'));
  world.server.users.set('bob', { ...world.server.view('bob'), status: 'offline', isOnline: false, version: 0 });
  await world.clock.advance(100);
  assert.equal(presence.user('bob').get()?.version, 0);

  world.server.tell('user:status', { ...world.server.view('bob'), status: 'away', isOnline: true, version: 50 });
  assert.equal(presence.user('bob').get()?.version, 50);
});

test('changes say from what to what, and why', async () => {
  const world = new World();
  world.server.join('lobby', 'me', 'bob');
  const { presence } = await world.started();
  const changes: unknown[] = [];
  presence.on('change', (c) => c.kind == 'user' && changes.push([c.userId, c.from?.status, c.to?.status, c.cause]));
  world.server.set('bob', 'online');
  world.server.set('bob', 'away');
  world.server.drop();
  world.server.set('bob', 'online');
  await world.clock.advance(5_000);
  assert.deepEqual(changes, [['bob', undefined, 'online', 'live'], ['bob', 'online', 'away', 'live'], ['bob', 'away', 'online', 'resync']]);
});

test('a whole roster names those who are not here, and its counts follow messages', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob', 'carol');
  world.server.set('me', 'online');
  const { presence } = await world.started();
  assert.equal(presence.room('team').get()?.isWhole, false);
  listen(presence.room('team'));
  await world.clock.advance(100);
  assert.deepEqual(presence.room('team').get()?.occupancy, { members: 3, online: 1, away: 0 });
  world.server.set('carol', 'away');
  assert.deepEqual(presence.room('team').get()?.occupancy, { members: 3, online: 1, away: 1 });
  assert.deepEqual(presence.room('team').get()?.users.map((u) => u.status), ['online', 'offline', 'away']);
});

test('who comes into a conversation after its roster was read stays a member when going', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  listen(presence.room('team'));
  await world.clock.advance(100);
  world.server.join('team', 'dave');
  world.server.set('dave', 'online');
  world.server.set('dave', 'offline');
  assert.deepEqual(presence.room('team').get()?.users.map((u) => [u.userId, u.status]).at(-1), ['dave', 'offline']);
  assert.deepEqual(presence.room('team').get()?.occupancy.members, 3);
});

test('who comes into one of several conversations is asked for, since what is known', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.join('other', 'me', 'carol');
  const { presence } = await world.started();
  listen(presence.room('team'));
  await world.clock.advance(100);
  world.server.join('team', 'dave');
  world.server.set('dave', 'online');
  await world.clock.advance(5_000);
  assert.deepEqual(presence.room('team').get()?.users.map((u) => u.userId), ['me', 'bob', 'dave']);
  assert.equal(world.server.calls('GET conversations/team')[1]!.query.get('since'), '4');
});

test('a large conversation is counts, and again names when it has become small', async () => {
  const world = new World();
  world.server.large = 2;
  world.server.join('team', 'me', 'bob', 'carol');
  const { presence } = await world.started();
  listen(presence.room('team'));
  listen(presence.user('bob'));
  await world.clock.advance(100);
  assert.deepEqual([presence.room('team').get()?.mode, presence.room('team').get()?.users], ['counts', []]);
  world.server.tell('conversation:counts', { conversationId: 'team', members: 3, online: 2, away: 1, version: 'x' });
  assert.deepEqual(presence.room('team').get()?.occupancy, { members: 3, online: 2, away: 1 });
  assert.equal(world.server.calls('GET conversations').length, 0);

  world.server.part('team', 'carol');
  world.server.tell('conversation:mode', { conversationId: 'team', mode: 'names', occupancy: { members: 2, online: 0, away: 0 }, version: 'x' });
  await world.clock.advance(30_000);
  assert.deepEqual(presence.room('team').get()?.users.map((u) => u.userId), ['me', 'bob']);

  world.server.join('team', 'carol');
  world.server.tell('conversation:mode', { conversationId: 'team', mode: 'counts', occupancy: { members: 3, online: 0, away: 0 }, version: 'x' });
  assert.deepEqual(presence.room('team').get()?.users, []);
  assert.equal(world.server.calls('PUT watches').length, 1);
  await world.clock.advance(30_000);
  assert.equal(world.server.calls('PUT watches').length, 2);
  assert.equal(world.server.calls('GET conversations').length, 1);
});

test('a conversation that is refused is gone, and the others are not', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  const errors: unknown[] = [];
  presence.on('error', (e) => errors.push(e.code));
  listen(presence.room('secret'));
  listen(presence.room('team'));
  await world.clock.advance(1_000);
  assert.equal(presence.room('secret').get(), undefined);
  assert.equal(presence.room('team').get()?.isWhole, true);
  assert.deepEqual(errors, ['forbidden']);
  assert.equal(presence.connection.get().state, 'live');
});

test('a conversation that is left is gone at once, in all tabs, and no other is', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.join('other', 'me', 'carol');
  world.server.set('bob', 'online');
  world.server.set('carol', 'online');
  const { presence } = await world.started();
  const [team, other] = [presence.room('team'), presence.room('other')];
  listen(team);
  listen(other);
  await world.clock.advance(100);
  const calls = world.server.received.length;

  world.server.part('team', 'me');
  world.server.tell('conversation:left', { conversationId: 'team' });
  world.server.tell('conversation:left', { conversationId: 'unknown' });
  assert.deepEqual([team.get(), other.get()?.users.map((u) => u.userId)], [undefined, ['me', 'carol']]);
  assert.equal(presence.user('bob').get(), undefined);
  await world.clock.advance(10_000);
  assert.equal(world.server.received.length, calls);

  world.server.join('team', 'me');
  world.server.tell('presence:snapshot', world.server.snapshotOf(world.server.connections[0]!));
  await world.clock.advance(100);
  assert.deepEqual(team.get()?.users.map((u) => u.userId), ['bob', 'me']);
});

test('whoever is known and joins another conversation is looked for there', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.join('other', 'me');
  const bob = world.server.set('bob', 'online');
  const { presence } = await world.started();
  const other = presence.room('other');
  listen(presence.room('team'));
  listen(other);
  await world.clock.advance(100);

  world.server.tell('user:status', { ...bob, joined: 'team' });
  await world.clock.advance(10_000);
  assert.equal(world.server.calls('GET conversations').length, 2);
  world.server.join('other', 'bob', 'gone');
  world.server.tell('user:status:batch', [{ ...bob, joined: 'other' }, { ...world.server.view('gone'), joined: 'other' }]);
  await world.clock.advance(5_000);
  assert.deepEqual(other.get()?.users.map((u) => [u.userId, u.status]), [['me', 'offline'], ['bob', 'online'], ['gone', 'offline']]);
  assert.equal('joined' in presence.user('bob').get()!, false);
});

test('what members show ends by null, by time, by leaving, and never comes back late', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.set('bob', 'online');
  const { presence } = await world.started();
  const team = presence.room('team');
  listen(team);
  await world.clock.advance(100);
  const causes: unknown[] = [];
  presence.on('change', (c) => c.kind == 'state' && causes.push([c.to, c.cause]));
  const show = (state: unknown, version: number, userId = 'bob', ttlSeconds = 10): void =>
    world.server.tell('conversation:state', { conversationId: 'team', userId, isAnonymous: false, state, ttlSeconds, version });

  show('a', 1);
  show('mine', 1, 'me');
  assert.deepEqual(team.get()?.states, { bob: 'a' });
  show('b', 3);
  show('late', 2);
  assert.deepEqual(team.get()?.states, { bob: 'b' });
  show(null, 4);
  assert.deepEqual(team.get()?.states, {});
  show('c', 5);
  await world.clock.advance(9_900);
  assert.deepEqual(team.get()?.states, { bob: 'c' });
  await world.clock.advance(100);
  assert.deepEqual(team.get()?.states, {});
  show('c', 5);
  assert.deepEqual(team.get()?.states, {});
  show('d', 6, 'bob', 60);
  world.server.set('bob', 'offline');
  assert.deepEqual(team.get()?.states, {});
  show('early', 7, 'bob', 60);
  assert.deepEqual(team.get()?.states, {});
  world.server.set('bob', 'online');
  assert.deepEqual(team.get()?.states, { bob: 'early' });
  assert.deepEqual(causes, [['a', 'live'], ['b', 'live'], [undefined, 'live'], ['c', 'live'], [undefined, 'expired'], ['d', 'live'], [undefined, 'live'], ['early', 'live']]);
});

test('a state that is told again is no change, and lasts on', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.set('bob', 'online');
  const { presence } = await world.started();
  const team = presence.room('team');
  const changes: unknown[] = [];
  presence.on('change', (c) => c.kind == 'state' && changes.push(c.to));
  const show = (version: number): void =>
    world.server.tell('conversation:state', { conversationId: 'team', userId: 'bob', isAnonymous: false, state: { cursor: 1 }, ttlSeconds: 10, version });
  show(1);
  const before = team.get();
  await world.clock.advance(5_000);
  show(2);
  await world.clock.advance(9_000);
  assert.equal(team.get(), before);
  assert.deepEqual(changes, [{ cursor: 1 }]);
  await world.clock.advance(1_000);
  assert.deepEqual(changes, [{ cursor: 1 }, undefined]);
});

test('a page of a conversation says nothing of those who are not on it', async () => {
  const world = new World();
  world.server.large = 5_000;
  world.server.join('team', 'me', ...Array.from({ length: 1_000 }, (_, i) => `u${i}`), 'zoe');
  world.server.set('zoe', 'online');
  const { presence } = await world.started();
  world.server.tell('conversation:state', { conversationId: 'team', userId: 'zoe', isAnonymous: false, state: 'here', ttlSeconds: 60, version: 1 });
  listen(presence.room('team'));
  await world.clock.advance(1_000);
  assert.equal(presence.room('team').get()?.isWhole, false);
  assert.deepEqual(presence.room('team').get()?.states, { zoe: 'here' });
});

test('who comes somewhere makes no large conversation be read', async () => {
  const world = new World();
  world.server.large = 3;
  world.server.join('crowd', 'me', 'a', 'b', 'c');
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  listen(presence.room('team'));
  listen(presence.room('crowd'));
  await world.clock.advance(100);
  world.server.join('team', 'dave');
  world.server.set('dave', 'online');
  await world.clock.advance(10_000);
  assert.deepEqual(world.server.calls('GET').map((c) => c.path), ['conversations/team/presence', 'conversations/team/presence']);
});

test('me is asked for when somebody listens, and the newest revision stands', async () => {
  const world = new World();
  world.server.set('me', 'online');
  const { presence } = await world.started();
  assert.equal(world.server.calls('GET presence/me').length, 0);
  listen(presence.me);
  await world.clock.advance(100);
  assert.equal(presence.me.get()?.revision, 1);
  await presence.set({ availability: 'busy', text: 'on a train' });
  assert.deepEqual(presence.me.get()?.choice, { availability: 'busy', text: 'on a train' });
  world.server.tell('presence:me', { ...presence.me.get(), choice: null, revision: 1 });
  assert.equal(presence.me.get()?.revision, 2);
  world.server.tell('presence:me', { ...presence.me.get(), choice: null, revision: 3 });
  assert.equal(presence.me.get()?.choice, null);
});
