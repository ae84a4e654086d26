import assert from 'node:assert/strict';
import { test } from 'node:test';
import { World } from '../harness/world.js';

const told = (world: World): unknown[] => world.server.calls('PUT conversations').map((c) => [c.path.split('/')[1], c.body.state]);

test('what is shown is told at once, is no activity, and is told again while it lasts', async () => {
  const world = new World();
  const { presence } = await world.started();
  presence.show('team', { typing: true });
  await world.clock.advance(0);
  const [call] = world.server.calls('PUT conversations');
  assert.deepEqual([call!.path, call!.body, call!.headers['Presence-Activity']], ['conversations/team/state', { state: { typing: true } }, 'passive']);
  await world.clock.advance(20_000);
  assert.equal(told(world).length, 5);

  presence.show('team', null);
  await world.clock.advance(60_000);
  assert.deepEqual(told(world).slice(5), [['team', null]]);
});

test('what is shown already is not told again, nor that nothing is', async () => {
  const world = new World();
  const { presence } = await world.started();
  presence.show('team', null);
  for (let i = 0; i < 10; i++) {
    presence.show('team', { typing: true });
    await world.clock.advance(200);
  }

  assert.deepEqual(told(world), [['team', { typing: true }]]);
});

test('of what comes fast only the newest is told, eight times a second at most, in whatever conversations', async () => {
  const world = new World();
  const { presence } = await world.started();
  for (let i = 0; i < 100; i++) {
    presence.show(i % 2 ? 'team' : 'other', i);
    await world.clock.advance(10);
  }

  await world.clock.advance(500);
  const calls = world.server.calls('PUT conversations');
  assert.ok(calls.length <= 11, `${calls.length}`);
  for (const [i, call] of calls.entries()) assert.ok(!i || call.at - calls[i - 1]!.at >= 125);
  assert.deepEqual(told(world).slice(-2).sort(), [['other', 98], ['team', 99]]);
});

test('after too many the newest is told when the server takes it again', async () => {
  const world = new World();
  const { presence } = await world.started();
  const errors: unknown[] = [];
  presence.on('error', (e) => errors.push(e.code));
  world.server.refuse = [{ matches: 'PUT conversations', status: 429, code: 'rate_limited', retryAfter: 2 }];
  presence.show('team', 1);
  await world.clock.advance(1_000);
  presence.show('team', 2);
  await world.clock.advance(900);
  assert.deepEqual(told(world), [['team', 1]]);
  await world.clock.advance(1_000);
  assert.deepEqual(told(world), [['team', 1], ['team', 2]]);
  assert.deepEqual(errors, ['rate_limited']);
});

test('that a state has ended is told even if that fails at first', async () => {
  const world = new World();
  const { presence } = await world.started();
  presence.show('team', 1);
  await world.clock.advance(1_000);
  world.server.refuse = [{ matches: 'PUT conversations', status: 503, retryAfter: 1 }];
  presence.show('team', null);
  await world.clock.advance(60_000);
  assert.deepEqual(told(world), [['team', 1], ['team', null], ['team', null]]);
});

test('what is refused is not told again, and holds up nothing else', async () => {
  const world = new World();
  const { presence } = await world.started();
  const errors: unknown[] = [];
  presence.on('error', (e) => errors.push(e.status));
  world.server.refuse = [{ matches: 'PUT conversations/secret', status: 403, code: 'forbidden' }, { matches: 'PUT conversations/team', status: 400 }];
  presence.show('secret', 1);
  presence.show('team', 'too long');
  presence.show('other', 2);
  await world.clock.advance(4_000);
  assert.deepEqual(told(world), [['secret', 1], ['team', 'too long'], ['other', 2]]);
  assert.deepEqual(errors, [403, 400]);
  await world.clock.advance(10_000);
  assert.deepEqual(told(world).slice(3), [['other', 2], ['other', 2]]);
});

test('a state that replaces a refused one while it is on its way is told', async () => {
  const world = new World();
  const { presence } = await world.started();
  world.server.refuse = [{ matches: 'PUT conversations', status: 400 }];
  presence.show('team', 'too long');
  presence.show('team', 'short');
  await world.clock.advance(6_000);
  assert.deepEqual(told(world), [['team', 'too long'], ['team', 'short'], ['team', 'short']]);
});

test('a page that nobody sees lets what it shows end, and shows it again when it is seen', async () => {
  const world = new World();
  const { presence, page } = await world.started();
  presence.show('team', 1);
  await world.clock.advance(1_000);
  page.show('hidden');
  await world.clock.advance(60_000);
  assert.equal(told(world).length, 1);
  page.show('visible');
  await world.clock.advance(5_000);
  assert.equal(told(world).length, 2);
});

test('who is invisible shows nothing, until it is seen again', async () => {
  const world = new World();
  const { presence } = await world.started();
  await presence.set({ availability: 'invisible' });
  presence.show('team', 1);
  await world.clock.advance(20_000);
  assert.deepEqual(told(world), []);
  await presence.set({ availability: 'automatic' });
  await world.clock.advance(5_000);
  assert.deepEqual(told(world), [['team', 1]]);
});

test('a tab that does not lead tells by itself what it shows', async () => {
  const world = new World();
  const [, second] = [await world.started(), await world.started()];
  second.presence.show('team', 1);
  await world.clock.advance(100);
  assert.deepEqual(told(world), [['team', 1]]);
  assert.equal(second.presence.statistics().calls, 1);
});

test('nothing is told before the start, nor after the stop', async () => {
  const world = new World();
  const { presence } = world.tab();
  presence.show('team', 1);
  await world.clock.advance(10_000);
  presence.start();
  await world.clock.advance(10_000);
  assert.deepEqual(told(world), []);
  presence.show('team', 2);
  await world.clock.advance(100);
  presence.show('team', 3);
  presence.stop();
  await world.clock.advance(60_000);
  assert.deepEqual(told(world), [['team', 2]]);
  presence.start();
  presence.show('team', 4);
  await world.clock.advance(6_000);
  assert.deepEqual(told(world), [['team', 2], ['team', 4], ['team', 4]]);
});
