import assert from 'node:assert/strict';
import { createPresence } from '@presence/client';
import { key, tokenOf, unique, until, url } from '../try.mjs';
import { createRooms } from './backend.mjs';
import { createTyping, members } from './page.mjs';

const [room, alice, bob] = [unique('room'), unique('alice'), unique('bob')];
const rooms = createRooms({ url, key });
await rooms.join(room, alice);
await rooms.join(room, bob);

const ofAlice = createPresence({ url, token: () => tokenOf(alice) });
const ofBob = createPresence({ url, token: () => tokenOf(bob) });
const inRoom = ofAlice.room(room);
inRoom.subscribe(() => {});
const bobAsSeen = () => members(ofAlice, room).find((member) => member.id === bob);
ofAlice.start();
await until('alice is in the room', () => members(ofAlice, room).some((member) => member.id === alice));
ofBob.start();
await until('bob comes', () => bobAsSeen()?.status === 'online');

const onKey = createTyping(ofBob, room);
onKey();
onKey();
await until('bob types', () => bobAsSeen()?.isTyping);
await until('and stops', () => !bobAsSeen()?.isTyping);

await ofBob.signOut();
await until('bob goes', () => (bobAsSeen()?.status ?? 'offline') === 'offline');
assert.equal(members(ofAlice, room)[0].id, alice);
ofAlice.stop();
