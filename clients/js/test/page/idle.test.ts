import { test } from 'node:test';
import { card, conversation, live, log, open, press, row, skip, someone } from './site.js';

// The host that this is run against lets people turn away after some seconds.
test('who goes idle turns away by time alone, and is back with one call', { skip }, async () => {
  const [a, b] = [someone('a'), someone('b')];
  const page = await open([a, b]);
  await press(card(page, a), 'Go idle');
  await card(page, a).getByText(`Nothing ${a} does in this card counts now.`).waitFor();
  await row(conversation(card(page, b)), a, 'away').waitFor();
  await log(card(page, b), `${a} is away, was online`).waitFor();
  await card(page, a).getByText(/^Away: connected, but not active since/).waitFor();
  await live(card(page, a));
  await press(card(page, a), 'Go idle');
  await log(card(page, b), `${a} is online, was away`).waitFor();
});
