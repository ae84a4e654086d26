import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothing } from '../../src/knowledge.js';
import { World, listen, type Tab } from '../harness/world.js';

async function three(world: World): Promise<[Tab, Tab, Tab]> {
  world.server.join('team', 'me', 'bob');
  world.server.set('bob', 'online');
  return [await world.started(), await world.started(), await world.started()];
}

const statusOf = (tabs: Tab[], id = 'bob'): unknown[] => tabs.map((t) => t.presence.user(id).get()?.status);
const statesOf = (tabs: Tab[]): string[] => tabs.map((t) => t.presence.connection.get().state);

test('three tabs share one connection and one call of activity, and all hear', async () => {
  const world = new World();
  const tabs = await three(world);
  assert.equal(world.server.connections.length, 1);
  assert.equal(world.server.calls('POST activity').length, 1);
  assert.deepEqual(statesOf(tabs), ['live', 'live', 'live']);
  assert.deepEqual(statusOf(tabs), ['online', 'online', 'online']);
  world.server.set('bob', 'away');
  await world.clock.settle();
  assert.deepEqual(statusOf(tabs), ['away', 'away', 'away']);
});

test('what any tab listens to is watched, once, until none does', async () => {
  const world = new World();
  const [, second, third] = await three(world);
  const [one, two] = [listen(second.presence.user('x')), listen(third.presence.user('x'))];
  listen(third.presence.room('team'));
  await world.clock.advance(200);
  assert.deepEqual(world.server.calls('PUT watches').map((c) => c.body.ids), [['x']]);
  assert.equal(third.presence.room('team').get()?.isWhole, true);
  one.end();
  await world.clock.advance(200);
  assert.deepEqual([...world.server.connections[0]!.watching], ['x']);
  two.end();
  await world.clock.advance(200);
  assert.deepEqual([...world.server.connections[0]!.watching], []);
});

test('what a tab that is gone listened to is watched no more', async () => {
  const world = new World();
  const [, second] = await three(world);
  listen(second.presence.user('x'));
  await world.clock.advance(200);
  second.page.window_('pagehide');
  await world.clock.advance(200);
  assert.deepEqual([...world.server.connections[0]!.watching], []);
  assert.equal(world.server.connections.length, 1);
});

test('input in a tab that follows is told by the one that leads, at the pace of all', async () => {
  const world = new World();
  const [first, , third] = await three(world);
  await world.clock.advance(70_000);
  third.page.input();
  await world.clock.advance(2_000);
  first.page.input();
  await world.clock.advance(2_000);
  assert.equal(world.server.calls('POST activity').length, 2);
  assert.equal(third.presence.statistics().calls, 0);
  assert.ok(third.presence.statistics().shared > 0);
  assert.ok(first.presence.statistics().shared > 0);
});

test('a tab that is opened before its user\'s eyes is activity, whichever leads', async () => {
  const world = new World();
  await world.started({}, { visible: false });
  assert.equal(world.server.calls('POST activity').length, 0);
  await world.started();
  assert.equal(world.server.calls('POST activity').length, 1);
});

test('a tab that does not know what the others know takes nothing for known that they learn', async () => {
  const world = new World();
  // A tab of a browser that leads, and has not answered yet.
  void world.browser.locks.request('presence 2 https://presence.example me', { signal: new AbortController().signal }, () => new Promise(() => {}));
  const leader = world.browser.channel('presence 2 https://presence.example me');
  const { presence } = await world.started();
  leader.postMessage({ change: ['message', 'user:status', { ...world.server.view('bob'), isOnline: true, version: 3 }] });
  await world.clock.settle();
  assert.equal(presence.user('bob').get(), undefined);
  leader.postMessage({ isFirst: true, change: ['set', nothing()] });
  leader.postMessage({ change: ['message', 'user:status', { ...world.server.view('bob'), isOnline: true, version: 4 }] });
  await world.clock.settle();
  assert.equal(presence.user('bob').get()?.version, 4);
});

test('when the tab that leads freezes another one connects, and asks since what it knows', async () => {
  const world = new World();
  const [first, second, third] = await three(world);
  listen(third.presence.room('team'));
  await world.clock.advance(200);
  const { version } = { version: world.server.calls('GET conversations/team').length };
  first.page.document_('freeze');
  await world.clock.advance(2_000);
  assert.equal(world.server.connections.length, 1);
  assert.deepEqual(statesOf([second, third]), ['live', 'live']);
  assert.deepEqual(world.server.calls('GET conversations/team').slice(version).map((c) => c.query.get('since')), ['3']);
  world.server.set('bob', 'away');
  await world.clock.settle();
  assert.deepEqual(statusOf([second, third]), ['away', 'away']);

  first.page.document_('resume');
  await world.clock.advance(200);
  assert.deepEqual(statusOf([first]), ['away']);
  assert.equal(world.server.connections.length, 1);
  assert.equal(world.server.calls('POST negotiate').length, 2);
});

test('a page that goes away tells of its connection, never that its user left, and is live again when it comes back', async () => {
  const world = new World();
  const [first, second] = await three(world);
  const { id } = world.server.connections[0]!;
  first.page.window_('pagehide');
  await world.clock.advance(2_000);
  const [hint] = world.server.calls('PUT presence/me/connections');
  assert.deepEqual([hint!.path, hint!.body, hint!.keepalive], [`presence/me/connections/${id}`, { foreground: false }, true]);
  assert.equal(world.server.calls('DELETE').length, 0);
  assert.deepEqual(statesOf([first, second]), ['stale', 'live']);
  first.page.window_('pageshow', { persisted: true });
  await world.clock.advance(200);
  assert.deepEqual(statesOf([first, second]), ['live', 'live']);
  assert.equal(world.server.connections.length, 1);
});

test('signing out in one tab stops all', async () => {
  const world = new World();
  const tabs = await three(world);
  await tabs[2].presence.signOut();
  await world.clock.advance(100_000);
  assert.deepEqual(tabs.map((t) => t.presence.connection.get()), Array(3).fill({ state: 'off', reason: 'signed_out' }));
  assert.equal(world.server.calls('POST negotiate').length, 1);
});

test('stopping one tab leaves the others as they are', async () => {
  const world = new World();
  const [first, second, third] = await three(world);
  first.presence.stop();
  await world.clock.advance(2_000);
  assert.deepEqual(statesOf([first, second, third]), ['off', 'live', 'live']);
  assert.equal(world.server.connections.length, 1);
});

test('tabs of other users, and browsers without locks, connect for themselves', async () => {
  const world = new World();
  await three(world);
  await world.started({ user: 'other', token: 'other' });
  await world.started({}, { locks: false });
  assert.equal(world.server.connections.length, 3);
});
