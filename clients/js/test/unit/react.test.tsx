import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Window } from 'happy-dom';
import { act, type ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { PresencePanel } from '../../src/panel.js';
import { PresenceProvider, useConnection, useMe, useRoom, useUser, useUsers } from '../../src/react.js';
import { fakePresence, someUser } from '../../src/testing.js';

const window = new Window();
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator, IS_REACT_ACT_ENVIRONMENT: true })) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}

const { createRoot } = await import('react-dom/client');
after(() => window.close());

async function shown(element: ReactElement): Promise<{ text(): string; end(): Promise<void> }> {
  const place = window.document.createElement('div');
  const root = createRoot(place as never);
  await act(async () => root.render(element));
  return { text: () => place.textContent ?? '', end: () => act(async () => root.unmount()) };
}

test('a component renders when what it selects is different, and listens while it is there', async () => {
  const fake = fakePresence();
  fake.setUser('bob', { status: 'away' });
  let renders = 0;
  const Bob = (): ReactElement => {
    renders++;
    const { status } = useUser('bob', (bob) => ({ status: bob?.status })) ;
    return <b>{status}</b>;
  };
  const page = await shown(<PresenceProvider presence={fake}><Bob /></PresenceProvider>);
  assert.deepEqual([page.text(), renders, fake.watched], ['away', 1, ['user bob']]);

  await act(async () => fake.setUser('bob', { status: 'away', text: 'lunch' }));
  assert.deepEqual([page.text(), renders], ['away', 1]);
  await act(async () => fake.setUser('bob', { status: 'online' }));
  assert.deepEqual([page.text(), renders], ['online', 2]);
  await page.end();
  assert.deepEqual(fake.watched, []);
});

test('several users, a conversation, the caller and the connection can be used', async () => {
  const fake = fakePresence('me');
  const bob = fake.setUser('bob');
  const All = (): ReactElement => <i>{[
    useUsers(['bob', 'carol'], (users) => users.map((u) => u?.status ?? '?').join()), useRoom('team', (room) => room?.occupancy.online ?? 0),
    useMe((me) => me?.availability ?? '-'), useConnection((c) => c.state),
  ].join(' ')}</i>;
  const page = await shown(<PresenceProvider presence={fake}><All /></PresenceProvider>);
  assert.equal(page.text(), 'online,? 0 - off');
  await act(async () => {
    fake.start();
    fake.setRoom('team', { users: [bob, someUser('carol', { status: 'away' })] });
    await fake.set({ availability: 'busy' });
  });
  assert.equal(page.text(), 'online,away 1 busy live');
  await page.end();
});

test('on a server hooks give what is known there', () => {
  const Bob = (): ReactElement => <b>{useUser('bob', (bob) => bob?.status ?? 'unknown')}</b>;
  assert.equal(renderToString(<PresenceProvider presence={fakePresence()}><Bob /></PresenceProvider>), '<b>unknown</b>');
});

test('a hook without a provider says so', () => {
  const Bob = (): ReactElement => <b>{useUser('bob')?.status}</b>;
  assert.throws(() => renderToString(<Bob />), /no PresenceProvider/);
});

test('the panel shows the connection, the caller, a conversation, counts and changes', async () => {
  const fake = fakePresence();
  const page = await shown(<PresenceProvider presence={fake}><PresencePanel room="team" /></PresenceProvider>);
  await act(async () => {
    fake.start();
    fake.setMe();
    fake.setRoom('team', { users: [someUser('bob')] });
  });
  for (const text of ['live', 'me: available', 'team: 1 online, 0 away, of 1: bob', '0 calls', 'bob: unknown → online (live)']) assert.ok(page.text().includes(text), page.text());
  await page.end();
});

test('a fake remembers what was done with it', async () => {
  const fake = fakePresence();
  const errors: unknown[] = [];
  fake.on('error', (e) => errors.push([e.status, e.code]));
  fake.start();
  fake.touch();
  fake.show('team', { typing: true });
  fake.fail(403, 'forbidden');
  await fake.signOut();
  fake.stop();
  assert.deepEqual(fake.done, [['start'], ['touch'], ['show', 'team', { typing: true }], ['signOut'], ['stop']]);
  assert.deepEqual(errors, [[403, 'forbidden']]);
});
