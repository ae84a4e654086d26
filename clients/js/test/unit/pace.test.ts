import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from '../harness/world.js';

const second = 1_000;

test('a start of a visible page is activity, told before connecting', async () => {
  const world = new World();
  await world.started();
  assert.deepEqual(world.server.received.slice(0, 2).map((r) => r.path), ['activity', 'negotiate']);
  assert.equal(world.server.calls('POST activity')[0]!.headers['Presence-Active-At'], '2026-11-26T10:00:00.000Z');
});

test('a start of a hidden page is none', async () => {
  const world = new World();
  await world.started({}, { visible: false });
  await world.clock.advance(3_600 * second);
  assert.equal(world.server.calls('POST activity').length, 0);
});

test('who gives no input is told of by no call', async () => {
  const world = new World();
  await world.started();
  await world.clock.advance(3_600 * second);
  assert.equal(world.server.calls('POST activity').length, 1);
});

test('input without end is told when the server wants to hear of it', async () => {
  const world = new World();
  const { page, presence } = await world.started();
  // The first call was made before the connection stood.
  for (let i = 0; i < 600; i++) {
    page.input();
    await world.clock.advance(second);
  }

  const calls = world.server.calls('POST activity');
  assert.deepEqual(calls.map((c) => Math.round((c.at - calls[0]!.at) / second)), [0, 65, 300, 535]);
  assert.ok(calls.slice(1).every((c) => c.headers['Presence-Connected'] == 'true' && c.headers['Presence-Token']));
  assert.equal(calls[2]!.headers['Presence-Token'], `token ${calls[1]!.at}`);
  assert.ok(presence.statistics().heldBack > 550);
});

test('every call carries the moment of the last input', async () => {
  const world = new World();
  const { page } = await world.started();
  await world.clock.advance(63 * second);
  page.input();
  const last = world.clock.now;
  await world.clock.advance(5 * second);
  const [, call] = world.server.calls('POST activity');
  assert.equal(call!.headers['Presence-Active-At'], new Date(last).toISOString());
  assert.ok(call!.at > last);
});

test('when input has ended for half a minute its last moment is told, once', async () => {
  const world = new World();
  const { page } = await world.started();
  await world.clock.advance(5 * second);
  page.input();
  await world.clock.advance(second);
  page.input();
  const last = world.clock.now;
  await world.clock.advance(29 * second);
  assert.equal(world.server.calls('POST activity').length, 1);
  await world.clock.advance(3_600 * second);
  const calls = world.server.calls('POST activity');
  assert.deepEqual(calls.slice(1).map((c) => [c.at - last, c.headers['Presence-Active-At']]), [[30 * second, new Date(last).toISOString()]]);
});

test('becoming hidden tells what is not told yet, once', async () => {
  const world = new World();
  const { page } = await world.started();
  await world.clock.advance(5 * second);
  page.input();
  page.show('hidden');
  await world.clock.settle();
  assert.equal(world.server.calls('POST activity').length, 2);
  await world.clock.advance(second);
  page.document_('visibilitychange');
  await world.clock.advance(3_600 * second);
  const calls = world.server.calls('POST activity');
  assert.equal(calls.length, 2);
  assert.equal(calls[1]!.keepalive, true);
});

test('becoming hidden without input tells nothing', async () => {
  const world = new World();
  const { page } = await world.started();
  page.show('hidden');
  await world.clock.advance(60 * second);
  assert.equal(world.server.calls('POST activity').length, 1);
});

test('a call that fails is made again, not before the server wants, with the newest moment', async () => {
  const world = new World();
  const { page } = await world.started();
  await world.clock.advance(66 * second);
  world.server.refuse = [{ matches: 'POST activity', status: 503, retryAfter: 20 }];
  page.input();
  await world.clock.advance(10 * second);
  page.input();
  const last = world.clock.now;
  await world.clock.advance(60 * second);
  const calls = world.server.calls('POST activity');
  assert.equal(calls.length, 3);
  assert.ok(calls[2]!.at - calls[1]!.at >= 20 * second);
  assert.equal(calls[2]!.headers['Presence-Active-At'], new Date(last).toISOString());
});

test('once the connection is lost the next call brings no token', async () => {
  const world = new World();
  const { page } = await world.started();
  world.server.drop();
  await world.clock.advance(5 * second);
  page.input();
  await world.clock.advance(2 * second);
  const calls = world.server.calls('POST activity');
  assert.equal(calls.length, 2);
  assert.equal(calls[1]!.headers['Presence-Token'], undefined);
});

test('a touch is activity like input', async () => {
  const world = new World();
  const { presence } = await world.started();
  await world.clock.advance(70 * second);
  presence.touch();
  await world.clock.advance(0);
  assert.equal(world.server.calls('POST activity').length, 2);
});

test('whoever reconnects says when it was active last', async () => {
  const world = new World();
  await world.started();
  world.server.drop();
  await world.clock.advance(5 * second);
  assert.deepEqual(world.server.calls('POST negotiate').map((c) => c.body.activeAt), ['2026-11-26T10:00:00.000Z', '2026-11-26T10:00:00.000Z']);
});

test('what was told by a call of activity that says signed out stops for good', async () => {
  const world = new World();
  world.server.refuse = [{ matches: 'POST activity', status: 403, code: 'signed_out' }];
  const { presence } = await world.started();
  assert.deepEqual(presence.connection.get(), { state: 'off', reason: 'signed_out' });
  assert.equal(world.server.calls('POST negotiate').length, 0);
});

test('no call but that of activity counts as activity', async () => {
  const world = new World();
  world.server.join('team', 'me', 'bob');
  const { presence } = await world.started();
  presence.room('team').subscribe(() => {});
  presence.me.subscribe(() => {});
  presence.user('x').subscribe(() => {});
  await world.clock.advance(second);
  await presence.set({ availability: 'busy' });
  for (const r of world.server.received) assert.equal(r.headers['Presence-Activity'], r.path == 'activity' ? undefined : 'passive', r.path);
});
