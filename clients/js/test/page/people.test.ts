import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, conversation, join, live, log, open, press, row, signOut, skip, someone } from './site.js';

test('anybody known is here in one click, a guest as well, and anybody else by name', { skip }, async () => {
  const page = await open();
  await page.getByText('Nobody is here.').waitFor();
  await press(page, 'Let alice in');
  await press(page, 'Let a guest in');
  const name = someone('zoe');
  await page.getByLabel('Name').fill(name);
  await press(page, 'Let in');
  for (const who of ['alice', 'dora', name]) await live(card(page, who));
  for (const who of ['alice', 'anon:dora', name]) await row(conversation(card(page, name)), who, 'online').waitFor();
  await card(page, 'dora').getByText('guest').first().waitFor();
  assert.equal(await page.getByText('Nobody is here.').isVisible(), false);
});

test('two browsers see each other: who comes, what is chosen, who leaves', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  // A member stays in the list when it is offline; who is in no conversation is in the lobby while it is here.
  await join('lobby', b);
  const there = await open([b]);
  const theirs = card(there, b);
  const here = await open([a]);
  const mine = card(here, a);
  await row(conversation(mine), b, 'online').waitFor();
  await row(conversation(theirs), a, 'online').waitFor();
  await log(theirs, `${a} is online`).waitFor();

  await theirs.getByLabel('Availability').selectOption('busy');
  await theirs.getByLabel('Emoji').fill('🚆');
  await theirs.getByLabel('Text', { exact: true }).fill('on a train');
  await press(theirs, 'Set');
  await row(conversation(mine), b, 'busy').filter({ hasText: '🚆 on a train' }).waitFor();
  await log(mine, `${b} is busy, “🚆 on a train”, was online`).waitFor();
  await here.getByRole('status').filter({ hasText: `${b} is busy` }).waitFor();

  await signOut(theirs);
  await row(conversation(mine), b, 'offline').filter({ hasText: 'last seen' }).waitFor();
  await theirs.locator('.connection', { hasText: 'signed out' }).waitFor();
  await press(theirs, 'Sign in again');
  await live(card(there, b));
  // What was chosen is still so.
  await row(conversation(mine), b, 'busy').waitFor();
});

test('members of a conversation see who is in it and what they show of themselves', { skip }, async () => {
  const [a, b, room] = [someone('a'), someone('b'), someone('room')];
  const page = await open([a, b]);
  for (const who of [a, b]) {
    await card(page, who).getByLabel('Conversation', { exact: true }).fill(room);
    await press(card(page, who), 'Join');
  }

  const seen = conversation(card(page, a), room);
  await row(seen, b, 'online').waitFor();
  await seen.getByText('2 online, 0 away, of 2').waitFor();
  const written = conversation(card(page, b), room);
  await written.getByLabel(`Message to ${room}`).pressSequentially('Hi');
  await row(seen, b, 'is typing…').waitFor();
  await press(written, `Raise a hand in ${room}`);
  await row(seen, b, 'raises a hand').waitFor();
  // Who types no more shows it no more, by itself; the hand stays up until it is taken down.
  await row(seen, b).filter({ hasText: 'raises a hand', hasNotText: 'is typing' }).waitFor();
  await press(written, `Raise a hand in ${room}`);
  await row(seen, b).filter({ hasNotText: 'raises a hand' }).waitFor();

  await press(written, `Leave ${room}`);
  await written.waitFor({ state: 'detached' });
});

test('who is watched stands in the watch list, and what it does is told there', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  const page = await open([a, b]);
  await press(row(conversation(card(page, a)), b, 'online'), `Watch ${b}`);
  const list = card(page, a).getByRole('group', { name: 'Watch list' });
  await row(list, b, 'online').waitFor();
  await press(row(list, b), `Watch ${b}`);
  await list.waitFor({ state: 'hidden' });
  await card(page, a).getByLabel('User to watch').fill(b);
  await press(card(page, a), 'Watch');
  await row(list, b, 'online').waitFor();
  await signOut(card(page, b));
  await row(list, b, 'offline').waitFor();
});

test('why somebody is so is said beside, and in full where it is asked', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  const page = await open([a, b]);
  await card(page, a).getByText(/^Online: connected, and active at/).waitFor();
  await card(page, a).getByText(/^By time alone: away, in \d:\d\d/).waitFor();
  await press(conversation(card(page, a)), `Why is ${b} so?`);
  const dialog = page.getByRole('dialog', { name: `Why is ${b} so?` });
  await dialog.getByText(/^Online: connected/).waitFor();
  await dialog.getByRole('term').filter({ hasText: 'connections' }).waitFor();
  await press(dialog, 'Close');
  await dialog.waitFor({ state: 'detached' });
});

test('a page that is loaded again shows the same people, each on a device of its own', { skip }, async () => {
  const [a, g] = [someone('a'), someone('g')];
  const page = await open([a, `guest:${g}`, a]);
  await live(card(page, `${a} 2`));
  await page.reload();
  for (const who of [a, g, `${a} 2`]) await live(card(page, who));
  await press(card(page, `${a} 2`), `Close ${a}`);
  await card(page, `${a} 2`).waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).hash, `#${a},guest:${g}`);
  await row(conversation(card(page, g)), a, 'online').waitFor();
});

test('figures of the system are shown as they are counted', { skip }, async () => {
  const page = await open([someone('a')]);
  const system = page.getByRole('region', { name: 'The system' });
  await system.getByRole('img', { name: /^Storage calls: now [1-9]/ }).waitFor();
  await system.getByText(/^[1-9]\d* users ever seen/).waitFor();
});
