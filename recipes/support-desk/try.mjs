import assert from 'node:assert/strict';
import { createPresence } from '@presence/client';
import { key, tokenOf, unique, until, url } from '../try.mjs';
import { createDesk } from './backend.mjs';
import { agentLine } from './page.mjs';

const [agent, deskUser, ticket, other] = [unique('agent'), unique('support-desk'), unique('ticket'), unique('ticket')];
const desk = createDesk({ url, key, user: deskUser, token: () => tokenOf(deskUser) });
await desk.hire(agent);
assert.ok(!(await desk.free()).includes(agent));

const ofAgent = createPresence({ url, token: () => tokenOf(agent) });
ofAgent.start();
await until('the agent is free', async () => (await desk.free()).includes(agent));

const { token, participantId } = await desk.open(ticket, agent);
const ofGuest = createPresence({ url, token, guest: true });
ofGuest.room(ticket).subscribe(() => {});
ofGuest.start();
await until('the guest sees its agent', () => agentLine(ofGuest, ticket, agent) === 'is here');

await ofAgent.set({ availability: 'busy', text: 'with another customer' });
await until('and that it is busy', () => agentLine(ofGuest, ticket, agent) === 'is busy: with another customer');
assert.ok(!(await desk.free()).includes(agent));

const second = await desk.open(other, agent);
const seen = await fetch(`${url}/api/presence?${new URLSearchParams({ userId: `anon:${participantId}` })}`, { headers: { 'X-Session-Token': second.token } });
assert.equal((await seen.json()).data.lastActiveAt, null, 'one guest sees another');

await ofAgent.signOut();
await until('the agent has left', () => agentLine(ofGuest, ticket, agent).startsWith('has left'));
ofGuest.stop();
