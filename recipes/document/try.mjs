import assert from 'node:assert/strict';
import { createPresence } from '@presence/client';
import { key, tokenOf, unique, until, url } from '../try.mjs';
import { createDocuments } from './backend.mjs';
import { cursors, moveTo } from './page.mjs';

const [document, alice, bob] = [unique('doc'), unique('alice'), unique('bob')];
const documents = createDocuments({ url, key });
await documents.open(document, alice);
await documents.open(document, bob);

const ofAlice = createPresence({ url, token: () => tokenOf(alice) });
const ofBob = createPresence({ url, token: () => tokenOf(bob) });
ofAlice.room(document).subscribe(() => {});
ofAlice.start();
ofBob.start();
await until('bob has opened it', () => cursors(ofAlice, document, alice).some((one) => one.id === bob));

for (let line = 1; line <= 50; line++) moveTo(ofBob, document, { line, column: 1 });
await until("bob's cursor is where it went last", () => cursors(ofAlice, document, alice)[0]?.cursor?.line === 50);

await documents.close(document, bob);
const left = await fetch(`${url}/api/conversations/${document}/presence?since=0`, { headers: { Authorization: `Bearer ${await tokenOf(alice)}` } });
assert.deepEqual((await left.json()).data.users.map((user) => user.userId), [alice]);
ofAlice.stop();
ofBob.stop();
