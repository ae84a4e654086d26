import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from './axe.js';
import { card, conversation, join, live, open, press, row, signOut, skip, someone, url } from './site.js';

for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]] as const) {
  test(`axe finds nothing in ${scheme} at ${width} pixels`, { skip }, async () => {
    const [a, b, g] = [someone('a'), someone('b'), someone('g')];
    const page = await open([], { colorScheme: scheme, viewport: { width, height: 800 } });
    assert.deepEqual(await findings(page), []);
    // A member stays in the list when it is offline; who is in no conversation is in the lobby while it is here.
    await join('lobby', `anon:${g}`);
    await page.goto(`${url}/#${a},${b},guest:${g},${a}`);
    await page.reload();
    for (const who of [a, b, g, `${a} 2`]) await live(card(page, who));
    await press(row(conversation(card(page, a)), b), `Watch ${b}`);
    await card(page, b).getByLabel('Availability').selectOption('doNotDisturb');
    await press(card(page, b), 'Set');
    await signOut(card(page, g));
    await press(card(page, a), 'Cut network');
    await row(conversation(card(page, b)), `anon:${g}`, 'offline').waitFor();
    assert.deepEqual(await findings(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the window');
    await press(card(page, b), `Why is ${b} so?`);
    await page.getByRole('dialog').getByText(/^Shown as do not disturb|^Shown as doNotDisturb/).waitFor();
    assert.deepEqual(await findings(page), []);
  });
}

test('the keyboard alone does everything, and the focus is where it was', { skip }, async () => {
  const page = await open();
  const focused = (): Promise<string> => page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '';
  });
  async function tabTo(name: string): Promise<void> {
    const seen: string[] = [];
    while (await focused() != name) {
      assert.ok(seen.length < 100, `not reached by the keyboard: ${name}; reached: ${seen}`);
      await page.keyboard.press('Tab');
      seen.push(await focused());
    }
  }

  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the people');
  await tabTo('Let alice in');
  await page.keyboard.press('Enter');
  await tabTo('Name');
  const name = someone('kim');
  await page.keyboard.type(`${name}`);
  await page.keyboard.press('Enter');
  for (const who of ['alice', name]) await live(card(page, who));
  await row(conversation(card(page, 'alice')), name, 'online').waitFor();

  await tabTo('Message to lobby');
  await page.keyboard.type('Hi');
  await row(conversation(card(page, name)), 'alice', 'is typing…').waitFor();
  await tabTo(`Why is ${name} so?`);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText(/^Online/).waitFor();
  assert.equal(await focused(), 'Close');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(), `Why is ${name} so?`);
  await tabTo('Go idle');
  await page.keyboard.press('Space');
  await card(page, name).getByRole('button', { name: 'Go idle', pressed: true }).waitFor();
});
