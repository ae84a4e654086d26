import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World, listen } from '../harness/world.js';

/** Calls whose method and path begin so are answered when the function that is returned is called. */
function hold(world: World, matches: string): () => void {
  const { fetch } = world.server;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  globalThis.fetch = (async (input: string, init: RequestInit) => {
    if (`${init.method} ${new URL(input).pathname.replace('/api/', '')}`.startsWith(matches)) await held;
    return fetch(input, init);
  }) as typeof fetch;
  return release;
}

for (const [what, end] of [
  ['signed out', (tab: { presence: { signOut(): unknown } }) => void tab.presence.signOut()],
  ['stopped', (tab: { presence: { stop(): void } }) => tab.presence.stop()],
  ['gone', (tab: { page: { window_(name: string): void } }) => tab.page.window_('pagehide')],
] as const) {
  test(`activity that is being told when its tab is ${what} is told once, and never again`, async () => {
    const world = new World();
    const tab = await world.started();
    await world.clock.advance(300_000);
    const release = hold(world, 'POST activity');
    tab.page.input();
    await world.clock.advance(2_000);
    end(tab as never);
    release();
    await world.clock.advance(60_000);
    assert.equal(world.server.calls('POST activity').length, 2);
  });
}

test('input while signing out is not told', async () => {
  const world = new World();
  const { presence, page } = await world.started();
  await world.clock.advance(300_000);
  const release = hold(world, 'DELETE presence/me');
  void presence.signOut();
  page.input();
  await world.clock.advance(40_000);
  release();
  await world.clock.advance(40_000);
  assert.equal(world.server.calls('POST activity').length, 1);
});

test('a connection that has no snapshot yet is closed with its tab', async () => {
  const world = new World();
  world.server.snapshots = false;
  const { presence } = await world.started();
  assert.equal(world.server.connections.length, 1);
  const [late] = world.server.connections;
  presence.stop();
  assert.equal(world.server.connections.length, 0);
  late!.heard('presence:snapshot', world.server.snapshotOf(late!));
  const calls = world.server.received.length;
  await world.clock.advance(10_000_000);
  assert.equal(world.server.received.length, calls);
});

test('what one tab sets for itself takes nothing from the order of messages in the others', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const [first, second] = [await world.started(), await world.started()];
  listen(second.presence.room('team'));
  await world.clock.advance(200);
  for (let i = 0; i < 5; i++) await first.presence.set({ text: `${i}` });
  world.server.drop();
  await world.clock.advance(20_000);
  world.server.set('bob', 'online');
  await world.clock.advance(200);
  assert.deepEqual([first, second].map((t) => t.presence.user('bob').get()?.status), ['online', 'online']);
});

test('after a failure everything waits together for what the server asks for', async () => {
  const world = new World();
  const { presence } = await world.started();
  world.server.refuse = Array.from({ length: 1_000 }, () => ({ matches: 'PUT watches', status: 503, retryAfter: 5 }));
  for (let i = 0; i < 30; i++) {
    listen(presence.user(`u${i}`));
    await world.clock.advance(100);
  }

  assert.ok(world.server.calls('PUT watches').length <= 1, `${world.server.calls('PUT watches').length}`);
  await world.clock.advance(60_000);
  assert.ok(world.server.calls('PUT watches').length <= 13, `${world.server.calls('PUT watches').length}`);
  world.server.refuse = [];
  await world.clock.advance(60_000);
  assert.equal(world.server.connections[0]!.watching.size, 30);
});

test('a call that fails beside another leaves no order between them to chance', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  listen(presence.user('x'));
  await world.clock.advance(100);
  const release = hold(world, 'PATCH watches');
  world.server.refuse = [{ matches: 'GET conversations/team', status: 503, retryAfter: 1 }];
  listen(presence.user('y'));
  listen(presence.room('team'));
  await world.clock.advance(3_000);
  assert.equal(world.server.calls('PUT watches').length, 1);
  release();
  await world.clock.advance(3_000);
  assert.deepEqual([...world.server.connections[0]!.watching], ['x', 'y']);
});

test('whom nobody listens to any more since the connection before is not shown as it was then', async () => {
  const world = new World();
  world.server.set('bob', 'online');
  const { presence } = await world.started();
  const bob = listen(presence.user('bob'));
  await world.clock.advance(100);
  assert.equal(presence.user('bob').get()?.status, 'online');
  world.server.drop();
  bob.end();
  await world.clock.advance(20_000);
  assert.equal(presence.user('bob').get(), undefined);
});

test('a token is fetched anew when it is refused, and not because the network is away', async () => {
  const world = new World();
  let fetched = 0;
  await world.started({ token: () => (fetched++, 'me') });
  const { fetch } = world.server;
  globalThis.fetch = (async () => {
    throw new TypeError('no network');
  }) as typeof fetch;
  world.server.drop();
  await world.clock.advance(300_000);
  assert.equal(fetched, 1);
  globalThis.fetch = fetch;
});

test('what a listener of the application throws is not told as a failure, and stops nothing', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  const errors: unknown[] = [];
  presence.on('error', (e) => errors.push(e));
  const thrown: unknown[] = [];
  const setTimeout = globalThis.setTimeout;
  globalThis.setTimeout = ((action: () => void, ms?: number) => ms === undefined ? thrown.push(action) : setTimeout(action, ms)) as typeof globalThis.setTimeout;
  presence.on('change', () => {
    throw new Error('of the application');
  });
  world.server.set('bob', 'online');
  await world.clock.advance(100);
  globalThis.setTimeout = setTimeout;
  assert.equal(presence.user('bob').get()?.status, 'online');
  assert.equal(thrown.length, 1);
  assert.deepEqual(errors, []);
});
