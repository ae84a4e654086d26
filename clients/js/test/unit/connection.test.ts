import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World, listen } from '../harness/world.js';

test('a start connects and is live once the snapshot has come', async () => {
  const world = new World();
  world.server.join('lobby', 'me', 'bob');
  world.server.set('bob', 'online');
  const { presence } = world.tab();
  const states: string[] = [];
  presence.connection.subscribe(() => states.push(presence.connection.get().state));

  presence.start();
  await world.clock.advance(100);

  assert.deepEqual(states, ['connecting', 'live']);
  assert.equal(presence.user('bob').get()?.status, 'online');
  assert.deepEqual(presence.room('lobby').get()?.users.map((u) => u.userId), ['bob']);
});

test('nothing is called before the start', async () => {
  const world = new World();
  const { presence } = world.tab();
  presence.user('bob').subscribe(() => {});
  await world.clock.advance(100_000);
  assert.equal(world.server.received.length, 0);
});

test('messages before the snapshot wait for it, and count after it', async () => {
  const world = new World();
  world.server.snapshots = false;
  world.server.join('lobby', 'me', 'bob');
  const { presence } = await world.started();
  const [connection] = world.server.connections;
  const before = world.server.snapshotOf(connection!);
  world.server.set('bob', 'online');
  await world.clock.advance(10);
  assert.equal(presence.user('bob').get(), undefined);

  connection!.heard('presence:snapshot', before);
  await world.clock.advance(10);

  assert.equal(presence.user('bob').get()?.status, 'online');
});

test('a connection without a snapshot within ten seconds is given up', async () => {
  const world = new World();
  world.server.snapshots = false;
  const { presence } = await world.started();
  await world.clock.advance(9_800);
  assert.equal(world.server.calls('POST negotiate').length, 1);

  world.server.snapshots = true;
  await world.clock.advance(1_000);

  assert.equal(world.server.calls('POST negotiate').length, 2);
  assert.equal(presence.connection.get().state, 'live');
});

test('failures in a row wait longer, anywhere up to a bound', async () => {
  const world = new World();
  world.server.refuse = Array.from({ length: 7 }, () => ({ matches: 'POST negotiate', status: 500 }));
  const { presence } = await world.started();
  const waits: number[] = [];
  presence.connection.subscribe(() => {
    const c = presence.connection.get();
    if (c.state == 'waiting') waits.push(Math.round(c.until - world.clock.now));
  });

  await world.clock.advance(60_000);

  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  assert.equal(presence.connection.get().state, 'live');
});

test('what the server asks for is waited for, whatever wakes the page', async () => {
  const world = new World();
  world.server.refuse = [{ matches: 'POST negotiate', status: 503, code: 'signalr_unavailable', retryAfter: 7 }];
  const { presence, page } = await world.started();
  const waiting = presence.connection.get();
  assert.ok(waiting.state == 'waiting' && Math.round(waiting.until) == world.clock.now - 100 + 7_500);

  page.window_('online');
  await world.clock.advance(7_300);
  assert.equal(world.server.calls('POST negotiate').length, 1);
  await world.clock.advance(201);
  assert.equal(presence.connection.get().state, 'live');
});

test('a moment that the server asks to wait for is waited for, by the server\'s clock', async () => {
  const world = new World();
  const { fetch } = world.server;
  // Its clock is an hour ahead, and says so.
  globalThis.fetch = (async (input: string, init: RequestInit) => {
    const response = await fetch(input, init);
    response.headers.set('Date', new Date(world.clock.now + 3_600_000).toUTCString());
    return response;
  }) as typeof globalThis.fetch;
  world.server.refuse = [{ matches: 'POST negotiate', status: 503, retryAfter: new Date(world.clock.now + 3_607_000).toUTCString() }];
  const { presence } = world.tab();
  const errors: unknown[] = [];
  presence.on('error', ({ retryAfter }) => errors.push(retryAfter));
  presence.start();
  await world.clock.advance(7_400);
  assert.deepEqual(errors, [7]);
  assert.equal(world.server.calls('POST negotiate').length, 1);
  await world.clock.advance(201);
  assert.equal(presence.connection.get().state, 'live');
});

for (const [what, retryAfter] of [['a moment that is over', 'Thu, 26 Nov 2020 10:00:00 GMT'], ['no moment', 'soon']]) {
  test(`${what} is nothing to wait for`, async () => {
    const world = new World();
    world.server.refuse = [{ matches: 'POST negotiate', status: 503, retryAfter: retryAfter! }];
    const { presence } = world.tab();
    const errors: unknown[] = [];
    presence.on('error', (e) => errors.push(e.retryAfter));
    presence.start();
    await world.clock.advance(700);
    assert.deepEqual(errors, [undefined]);
    assert.equal(presence.connection.get().state, 'live');
  });
}

test('coming online ends a wait that nobody asked for', async () => {
  const world = new World();
  world.server.refuse = [{ matches: 'POST negotiate', status: 500 }];
  const { presence, page } = await world.started();
  page.window_('online');
  await world.clock.advance(0);
  assert.equal(presence.connection.get().state, 'live');
});

test('a lost connection makes everything stale until it is asked for again', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  world.server.set('bob', 'online');
  const { presence } = await world.started();
  listen(presence.room('team'));
  await world.clock.advance(100);
  const changes: string[] = [];
  presence.on('change', (c) => changes.push(c.cause));
  const states: string[] = [];
  presence.connection.subscribe(() => states.push(presence.connection.get().state));

  world.server.drop();
  world.server.set('bob', 'away');
  await world.clock.advance(5_000);

  assert.deepEqual(states, ['waiting', 'stale', 'live']);
  assert.equal(presence.room('team').get()?.users.find((u) => u.userId == 'bob')?.status, 'away');
  assert.deepEqual(changes, ['resync']);
  assert.equal(presence.statistics().resyncs, 1);
  assert.deepEqual(world.server.calls('GET conversations/team').map((c) => c.query.get('since')), ['0', '3']);
});

test('a client stops for good when its user has signed out', async () => {
  const world = new World();
  world.server.join('lobby', 'me', 'bob');
  const { presence } = await world.started();
  world.server.refuse = [{ matches: 'POST negotiate', status: 403, code: 'signed_out' }];
  world.server.drop();
  await world.clock.advance(600_000);

  assert.deepEqual(presence.connection.get(), { state: 'off', reason: 'signed_out' });
  assert.equal(world.server.calls('POST negotiate').length, 2);
  assert.equal(presence.user('bob').get(), undefined);
});

test('signing out says so and stops', async () => {
  const world = new World();
  const { presence } = await world.started();
  await presence.signOut();
  await world.clock.advance(600_000);
  assert.deepEqual(presence.connection.get(), { state: 'off', reason: 'signed_out' });
  assert.equal(world.server.calls('DELETE presence/me').length, 1);
  assert.equal(world.server.connections.length, 0);
  assert.equal(world.server.calls('POST negotiate').length, 1);
});

test('a token is fetched anew when it is refused, once a call', async () => {
  const world = new World();
  let tokens = 0;
  world.server.refuse = [{ matches: 'POST negotiate', status: 401 }];
  const { presence } = await world.started({ token: () => `me${++tokens}` });
  assert.equal(presence.connection.get().state, 'live');
  assert.deepEqual(world.server.calls('POST negotiate').map((c) => c.headers['Authorization']), ['Bearer me1', 'Bearer me2']);
});

test('guests bring their session', async () => {
  const world = new World();
  await world.started({ guest: true, token: 'Z3Vlc3Q.x', user: undefined });
  assert.equal(world.server.calls('POST negotiate')[0]!.headers['X-Session-Token'], 'Z3Vlc3Q.x');
});

test('a stop ends everything, and a start begins anew', async () => {
  const world = new World();
  const { presence } = await world.started();
  presence.stop();
  await world.clock.advance(600_000);
  assert.equal(world.server.connections.length, 0);
  assert.deepEqual(presence.connection.get(), { state: 'off' });
  presence.start();
  await world.clock.advance(100);
  assert.equal(presence.connection.get().state, 'live');
});

test('errors are told with status and code', async () => {
  const world = new World();
  world.server.refuse = [{ matches: 'POST negotiate', status: 503, code: 'storage_unavailable', retryAfter: 1 }];
  const { presence } = world.tab();
  const errors: unknown[] = [];
  presence.on('error', ({ status, code, retryAfter }) => errors.push([status, code, retryAfter]));
  presence.start();
  await world.clock.advance(100);
  assert.deepEqual(errors, [[503, 'storage_unavailable', 1]]);
});

test('everything is asked for again once an hour', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  listen(presence.room('team'));
  listen(presence.user('carol'));
  await world.clock.advance(3_600_000);
  assert.equal(world.server.calls('GET conversations/team').length, 2);
  assert.deepEqual(world.server.calls('PUT watches').map((c) => !!c.query.get('since')), [false, true]);
  assert.equal(presence.statistics().resyncs, 1);
});

test('a new connection puts off the next hour, and a stop ends it', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  await world.clock.advance(1_800_000);
  world.server.drop();
  await world.clock.advance(3_500_000);
  assert.equal(presence.statistics().resyncs, 1);
  await world.clock.advance(200_000);
  assert.equal(presence.statistics().resyncs, 2);
  presence.stop();
  await world.clock.advance(7_200_000);
  assert.equal(presence.statistics().resyncs, 2);
});

test('a new connection leaves the server alone as long as it asked for', async () => {
  const world = new World();
  const { presence } = await world.started();
  world.server.refuse = [{ matches: 'PUT watches', status: 503, retryAfter: 60 }];
  listen(presence.user('bob'));
  await world.clock.advance(1_000);
  world.server.drop();
  await world.clock.advance(50_000);
  assert.equal(world.server.calls('PUT watches').length, 1);
  await world.clock.advance(15_000);
  assert.equal(world.server.calls('PUT watches').length, 2);
  assert.equal(presence.connection.get().state, 'live');
});

test('a conversation that became large while nobody heard is not read by name', async () => {
  const world = new World();
  world.server.large = 2;
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  listen(presence.room('team'));
  await world.clock.advance(100);
  world.server.drop();
  world.server.join('team', 'carol');
  await world.clock.advance(5_000);
  assert.equal(presence.room('team').get()?.mode, 'counts');
  assert.equal(world.server.calls('GET conversations').length, 1);
});

test('of a large conversation the counts are asked for once an hour, and whoever was taken out sees it no more', async () => {
  const world = new World();
  world.server.large = 2;
  world.server.join('team', 'me', 'bob', 'carol');
  const { presence } = await world.started();
  const errors: unknown[] = [];
  presence.on('error', (e) => errors.push(e.code));
  listen(presence.room('team'));
  await world.clock.advance(3_500_000);
  assert.deepEqual(world.server.calls('GET'), []);

  world.server.set('carol', 'online');
  await world.clock.advance(100_000);
  assert.deepEqual(world.server.calls('GET').map((c) => [c.path, `${c.query}`]), [['conversations/team/presence', 'limit=1&since=0']]);
  assert.deepEqual(presence.room('team').get()?.occupancy, { members: 3, online: 1, away: 0 });

  world.server.part('team', 'me');
  await world.clock.advance(3_600_000);
  assert.equal(presence.room('team').get(), undefined);
  assert.deepEqual(errors, ['forbidden']);
});

test('a large conversation that has become small unheard is read by name at once', async () => {
  const world = new World();
  world.server.large = 2;
  world.server.join('team', 'me', 'bob', 'carol');
  const { presence } = await world.started();
  listen(presence.room('team'));
  await world.clock.advance(100_000);
  world.server.part('team', 'carol');
  await world.clock.advance(3_600_000);
  assert.deepEqual(world.server.calls('GET').map((c) => `${c.query}`), ['limit=1&since=0', 'limit=1000&since=0']);
  assert.deepEqual(presence.room('team').get()?.users.map((u) => u.userId), ['me', 'bob']);
});

test('the id of a conversation is one part of the path, whatever it is', async () => {
  const world = new World();
  const { presence } = await world.started();
  listen(presence.room('../presence/me?'));
  await world.clock.advance(100);
  assert.deepEqual(world.server.calls('GET').map((c) => c.path), ['conversations/..%2Fpresence%2Fme%3F/presence']);
});
