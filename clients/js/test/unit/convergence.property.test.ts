import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { World, listen } from '../harness/world.js';

const people = ['me', 'bob', 'carol', 'dave'];
const rooms = ['team', 'other'];
const person = fc.constantFrom(...people);
const room = fc.constantFrom(...rooms);

/** What may happen to people, messages, the connection and listeners. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('status' as const), id: person, status: fc.constantFrom('online' as const, 'away' as const, 'offline' as const) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('deliver' as const, 'double' as const, 'lose' as const), which: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), id: person, room }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('part' as const), id: fc.constantFrom('bob', 'carol', 'dave'), room }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('disconnect' as const, 'refuse' as const, 'pass' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('listen' as const, 'end' as const), id: person, room }) },
);

async function lived(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[], lossless: boolean): Promise<void> {
  const world = new World();
  const { server, clock } = world;
  for (const id of rooms) server.join(id, 'me', 'bob');
  server.isHeldBack = true;
  const { presence } = await world.started();
  const listening = new Map<string, ReturnType<typeof listen>>();
  const versions = new Map<string, number>();
  presence.on('change', (c) => {
    // Messages alone never lead back.
    if (c.kind == 'user' && c.cause == 'live' && c.from && c.to) assert.ok(c.to.version > c.from.version);
    if (c.kind == 'user' && c.to) versions.set(c.userId, c.to.version);
  });
  for (const s of steps) {
    const [connection] = server.connections;
    const at = 'which' in s && connection?.pending.length ? s.which % connection.pending.length : -1;
    const message = connection?.pending[at];
    if (s.kind == 'status') server.set(s.id, s.status);
    else if (s.kind == 'join') server.join(s.room, s.id), server.set(s.id, 'online');
    else if (s.kind == 'part') server.part(s.room, s.id);
    else if (s.kind == 'disconnect') server.drop();
    else if (s.kind == 'refuse') server.refuse.push({ matches: 'GET conversations', status: 503, retryAfter: 1 }, { matches: 'PATCH', status: 500 });
    else if (s.kind == 'pass') await clock.advance(2_000);
    else if (s.kind == 'listen') listening.get(s.id) ?? listening.set(s.id, listen(presence.user(s.id))).set(s.room, listening.get(s.room) ?? listen(presence.room(s.room)));
    else if (s.kind == 'end') listening.get(s.id)?.end(), listening.delete(s.id);
    else if (message) {
      if (s.kind != 'double' && !(lossless && s.kind == 'lose')) connection!.pending.splice(at, 1);
      if (s.kind != 'lose') connection!.heard(...message);
    }

    await clock.settle();
  }

  server.isHeldBack = false;
  server.refuse = [];
  if (!lossless) server.drop();
  for (const c of server.connections) for (const message of c.pending.splice(0).reverse()) c.heard(...message);
  await clock.advance(120_000);

  assert.equal(presence.connection.get().state, 'live');
  for (const key of listening.keys()) {
    if (rooms.includes(key)) {
      const members = [...server.conversations.get(key)!];
      const seen = presence.room(key).get()!.users;
      const here = (ids: string[]): string[] => ids.filter((id) => server.view(id).version).sort();
      if (!lossless) assert.deepEqual(here(seen.map((u) => u.userId)), here(members));
      for (const u of seen) assert.deepEqual(u, server.view(u.userId), key);
    } else {
      assert.deepEqual(presence.user(key).get(), server.view(key), key);
      assert.ok(server.connections[0]!.watching.has(key));
    }
  }
}

test('after whatever was reordered, doubled and lost, what is shown after connecting again is what the server says', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => lived(steps, false)), { numRuns: 150, seed: 20_261_126 });
});

test('where nothing is lost, messages alone lead to what the server says, in any order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => lived(steps.filter((s) => s.kind != 'part' && s.kind != 'join'), true)), { numRuns: 150, seed: 20_261_126 });
});
