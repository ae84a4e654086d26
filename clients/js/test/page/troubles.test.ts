import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, conversation, isIn, join, live, log, open, press, row, skip, someone } from './site.js';

test('a connection that is killed comes back, and the others hear nothing', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  const page = await open([a, b]);
  await press(card(page, a), 'Kill connection');
  await card(page, a).getByText(/^SignalR dropped it/).waitFor();
  await log(card(page, a), 'waiting').waitFor();
  await live(card(page, a));
  await row(conversation(card(page, a)), b, 'online').waitFor();
  assert.equal(await card(page, b).getByRole('log').getByText(`${a} is offline`).count(), 0);
});

test('without network both ends find out, the others see offline, and all is well when it is back', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  // A member stays in the list when it is offline; who is in no conversation is in the lobby while it is here.
  await join('lobby', a);
  const page = await open([a, b]);
  await press(card(page, a), 'Cut network');
  await card(page, a).getByText(/Mended in 0:\d\d/).waitFor();
  await isIn(card(page, a), 'waiting').waitFor();
  await row(conversation(card(page, b)), a, 'offline').waitFor();
  const back = card(page, a).getByRole('button', { name: 'Cut network', pressed: true });
  if (await back.isVisible()) await back.click();
  await live(card(page, a));
  await row(conversation(card(page, b)), a, 'online').waitFor();
  await row(conversation(card(page, a)), b, 'online').waitFor();
});

test('without storage calls fail and say why, and go well when it is back', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  const page = await open([a]);
  await press(page, 'Stop storage for 30 s');
  await page.getByText(/^Table Storage resets every connection/).waitFor();
  await page.getByLabel('Name').fill(b);
  await press(page, 'Let in');
  await log(card(page, b), 'The storage is out of reach').waitFor();
  await isIn(card(page, a), 'live').waitFor();
  await press(page, /^Start storage/);
  await live(card(page, b));
  await row(conversation(card(page, a)), b, 'online').waitFor();
});

test('without SignalR all wait; what happened meanwhile is told when it is back', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  const page = await open([a, b]);
  await press(page, 'Stop SignalR for 30 s');
  for (const who of [a, b]) await isIn(card(page, who), 'waiting').waitFor();
  await card(page, b).getByLabel('Text', { exact: true }).fill('back soon');
  await press(card(page, b), 'Set');
  await log(card(page, b), 'chose automatic').waitFor();
  await press(page, /^Start SignalR/);
  for (const who of [a, b]) await live(card(page, who));
  await row(conversation(card(page, a)), b, 'back soon').waitFor();
});
