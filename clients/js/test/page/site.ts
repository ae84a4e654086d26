import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page, type Request } from 'playwright-core';
import { findBrowser } from '../chromium/browser.js';
import { join, someone, url } from '../contract/host.js';

/** The page of the local host, in a browser. */

export { join, someone, url };

const path = findBrowser();
export const skip = path ? false : 'no Chromium on this machine, and none could be installed: set PRESENCE_TEST_BROWSER to one';
const patience = 60_000;
let browser: Browser;
const requests: string[] = [];
const errors: string[] = [];

before(async () => {
  if (!path) return;
  browser = await chromium.launch({ executablePath: path, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});

afterEach(async (test) => {
  const { passed, diagnostic } = test as TestContext & { passed?: boolean };
  for (const context of browser?.contexts() ?? []) {
    // What was to be seen says more than what was waited for.
    if (passed === false) for (const page of context.pages()) diagnostic.call(test, await page.locator('body').innerText());
    await context.close();
  }

  // Wherever a test goes: the page asks nobody but this machine, and no script of it fails.
  const hosts = new Set(requests.splice(0).map((address) => new URL(address).hostname));
  assert.deepEqual([...hosts].filter((host) => host != '127.0.0.1'), []);
  assert.deepEqual(errors.splice(0), []);
});

after(() => browser?.close());

/** Opens the page in a browser of its own, with people in it. */
export async function open(people: string[] = [], options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(patience);
  context.on('request', (request: Request) => requests.push(request.url()));
  const page = await context.newPage();
  page.on('websocket', (socket) => requests.push(socket.url()));
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto(`${url}/#${people.join(',')}`);
  for (const name of people) await live(card(page, name.replace('guest:', '')));
  return page;
}

/** What somebody sees and does. */
export const card = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

export const isIn = (card: Locator, state: string): Locator => card.and(card.page().locator(`[data-connection="${state}"]`));

export const live = (card: Locator): Promise<void> => isIn(card, 'live').waitFor();

export const conversation = (card: Locator, id = 'lobby'): Locator => card.getByRole('group', { name: `Conversation ${id}`, exact: true });

/** Somebody in a list, seen in such a way. */
export const row = (list: Locator, userId: string, text = ''): Locator => list.locator(`[data-user="${userId}"]`).filter({ hasText: text });

export const log = (card: Locator, text: string | RegExp): Locator => card.getByRole('log').getByRole('listitem').filter({ hasText: text }).first();

export const press = (inside: Locator | Page, name: string | RegExp): Promise<void> => inside.getByRole('button', { name, exact: typeof name == 'string' }).first().click();

/** Signs out. Where the storage of a busy machine is away for a moment the card says so, and a person presses again. */
export async function signOut(card: Locator): Promise<void> {
  const done = log(card, 'signed out');
  for (let tries = 0; tries == 0 || !await done.isVisible(); tries++) {
    await press(card, 'Sign out');
    await done.or(card.getByRole('log').locator('[data-kind=failure]').filter({ hasText: 'DELETE presence/me' }).nth(tries)).first().waitFor();
  }
}
