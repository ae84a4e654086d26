import assert from 'node:assert/strict';
import { createPresence } from '@presence/client';
import { key, tokenOf, unique, until, url } from '../try.mjs';
import { createRooms } from '../chat/backend.mjs';
import { createMessages } from './backend.mjs';
import { tryWebhook } from './trial-webhook.mjs';

const [room, service, alice, bob, carol] = ['room', 'messages', 'alice', 'bob', 'carol'].map(unique);
const rooms = createRooms({ url, key });
for (const user of [alice, bob, carol]) await rooms.join(room, user);

let pushed = [];
const messages = createMessages({ url, key, user: service, token: () => tokenOf(service), push: async (user) => pushed.push(user) });
await messages.watch(room);
async function pushedOf(text) {
  pushed = [];
  await messages.written(room, alice, text);
  return pushed.sort();
}

assert.deepEqual(await pushedOf('anybody here?'), [bob, carol]);

const ofBob = createPresence({ url, token: () => tokenOf(bob) });
ofBob.start();
await until('bob is here, and gets no push', async () => (await pushedOf('hello bob')).join() === carol);

await ofBob.set({ availability: 'invisible' });
await until('whoever hides is pushed to like one who is gone', async () => (await pushedOf('still there?')).join() === [bob, carol].join());

await ofBob.set({});
await ofBob.signOut();
await until('bob is gone, and gets a push', async () => (await pushedOf('bye bob')).join() === [bob, carol].join());

await tryWebhook();
