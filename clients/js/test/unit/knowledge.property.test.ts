import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apply, nothing, viewOf, type Change } from '../../src/knowledge.js';
import type { PresenceUser } from '../../src/types.js';

const runs = { numRuns: 3_000, seed: 20_261_126 };

const user = (version: number, text = ''): PresenceUser => ({
  userId: 'x', isAnonymous: false, isOnline: true, status: 'online', availability: 'available', version, text,
});

/** A conversation is asked for, answered; a message comes. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), version: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('ask' as const) }),
  fc.record({ kind: fc.constant('answer' as const), version: fc.integer({ min: 0, max: 9 }), names: fc.constantFrom('all', 'changed', 'nothing') }),
);

/**
 * The rules of the README, as they stand there: "drop a message that is not newer than what you have. An answer to a call replaces what
 * you have, whatever its version; only messages that came after asking, with a larger version, stand over it."
 */
function specified(base: PresenceUser | undefined, after: PresenceUser[]): PresenceUser | undefined {
  let have = base;
  for (const message of after) if (!have || message.version > have.version) have = message;
  return have;
}

test('a user is as the last answer says, or as a larger message after asking does', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const known = nothing();
    const run = (change: Change): unknown => apply(known, change, 0);
    run(['snapshot', 0, true, { conversations: [{ conversationId: 'r', occupancy: { members: 1, online: 1, away: 0 }, users: [], isComplete: true, version: 's', mode: 'names' }] }, []]);
    let base: PresenceUser | undefined;
    let after: PresenceUser[] = [];
    let asked: { at: number; since: number } | undefined;
    for (const [i, s] of steps.entries()) {
      if (s.kind == 'message') {
        const message = user(s.version, `m${i}`);
        after.push(message);
        run(['message', 'user:status', message]);
      } else if (s.kind == 'ask') {
        asked = { at: known.seq, since: after.length };
      } else if (asked) {
        const answer = user(s.version, `a${i}`);
        if (s.names == 'all' || s.names == 'changed') base = answer;
        after = after.slice(asked.since);
        run(['roster', 'r', asked.at, s.names == 'nothing' ? undefined : {
          occupancy: { members: 1, online: 1, away: 0 }, users: [answer], isComplete: s.names == 'all', version: 'v', mode: 'names',
        }]);
        asked = undefined;
      }

      const [has, should] = [viewOf(known, 'x'), specified(base, after)];
      // Of two messages of one version either is as good: they say the same.
      assert.deepEqual([has?.version, has?.text?.[0]], [should?.version, should?.text?.[0]]);
    }
  }), runs);
});

test('whom a snapshot that is not complete does not name is not known by the one before', () => {
  const known = nothing();
  const snapshot = (id: string, isComplete: boolean): unknown => apply(known, ['snapshot', known.seq, true, {
    conversations: [{ conversationId: 'r', occupancy: { members: 900, online: 200, away: 0 }, users: [{ ...user(1), userId: id }], isComplete, version: 's', mode: 'names' }],
  }, []], 0);
  snapshot('x', true);
  snapshot('y', false);
  assert.deepEqual([viewOf(known, 'x'), viewOf(known, 'y')?.userId], [undefined, 'y']);
});

test('the order and number of messages does not matter, but where an answer lies between', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), fc.infiniteStream(fc.nat()), (versions, shuffle) => {
    const known = nothing();
    const doubled = [...versions, ...versions].map((v) => [shuffle.next().value, v] as const).sort(([a], [b]) => a - b);
    for (const [, version] of doubled) apply(known, ['message', 'user:status', user(version)], 0);
    assert.equal(viewOf(known, 'x')?.version, Math.max(...versions));
  }), runs);
});

test('tabs that apply the same know the same', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, joined) => {
    const [leader, follower] = [nothing(), nothing()];
    let other = follower;
    for (const [i, s] of steps.entries()) {
      if (i == joined) other = structuredClone(leader);
      const change: Change = s.kind == 'message'
        ? ['message', 'user:status', user(s.version, `${i}`)]
        : ['watched', ['x'], leader.seq, [user(i)], s.kind == 'ask', `${i}`];
      for (const known of [leader, other]) apply(known, structuredClone(change), 0);
    }

    assert.deepEqual(other, leader);
  }), runs);
});
