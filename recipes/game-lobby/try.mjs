import { createPresence } from '@presence/client';
import { key, tokenOf, unique, until, url } from '../try.mjs';
import { createLobby } from './backend.mjs';
import { afterMatch, friendsList, inMatch } from './page.mjs';

const [ann, ben, cem, match, elsewhere] = ['ann', 'ben', 'cem', 'match', 'match'].map(unique);
const lobby = createLobby({ url, key });

// Nobody shares a conversation with another: friendship alone lets them see each other.
await lobby.enter(match, ben);
await lobby.enter(elsewhere, ann);
await lobby.befriend(ann, ben);
await lobby.befriend(ann, cem);

const [ofAnn, ofBen] = [ann, ben].map((user) => createPresence({ url, token: () => tokenOf(user) }));
const friends = [ben, cem];
ofAnn.users(friends).subscribe(() => {});
ofAnn.start();
await until('both friends are offline', () => friendsList(ofAnn, friends).every((friend) => friend.availability === 'offline'));

ofBen.start();
await until('ben comes', () => friendsList(ofAnn, friends)[0].availability === 'available');
await inMatch(ofBen, 'Sunken City');
await until('ben plays', () => friendsList(ofAnn, friends)[0].text === 'Sunken City');
await afterMatch(ofBen);
await until('ben has played', () => friendsList(ofAnn, friends)[0].text === '');

await lobby.block(ben, ann);
await until('ben has left, for ann', () => friendsList(ofAnn, friends).every((friend) => friend.availability === 'offline'));
ofAnn.stop();
ofBen.stop();
