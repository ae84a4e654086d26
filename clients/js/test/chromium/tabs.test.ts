import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Presence } from '../../src/types.js';
import { clientOf, join, live, someone, tokenOf, until, url } from '../contract/host.js';
import { findBrowser, launch, servePages, type Call } from './browser.js';

declare global { interface Window { presence: Presence; presenceClient: { createPresence: (options: object) => Presence }; restored?: boolean } }

const path = findBrowser();
const skip = path ? false : 'no Chromium on this machine, and none could be installed: set PRESENCE_TEST_BROWSER to one';
let browser: Awaited<ReturnType<typeof launch>>;
let site: Awaited<ReturnType<typeof servePages>>;
const clients: Presence[] = [];
const opened: Page[] = [];

before(async () => {
  if (!path) return;
  browser = await launch(path);
  site = await servePages(url);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.close()));
  clients.splice(0).forEach((client) => client.stop());
});

after(async () => {
  await browser?.close();
  site?.close();
});

interface Scene { token: string; alice: Presence; aliceId: string; room: string; open(): Promise<Page>; calls(matches: string): Call[] }

/** Two users in a conversation: one in the browser, one beside it. */
async function scene(): Promise<Scene> {
  const [me, aliceId, room] = [someone('me'), someone('alice'), someone('room')];
  await join(room, me, aliceId);
  const token = await tokenOf(me);
  const alice = clientOf(aliceId);
  clients.push(alice);
  site.calls.length = 0;
  return {
    token, alice, aliceId, room,
    calls: (matches) => site.calls.filter((c) => `${c.method} ${c.path}`.startsWith(matches)),
    async open() {
      const page = await browser.context.newPage();
      opened.push(page);
      await page.goto(site.pages);
      await page.evaluate(([url, token, room]) => {
        window.addEventListener('pageshow', (e) => (window.restored = e.persisted));
        const presence = window.presence = window.presenceClient.createPresence({ url, token });
        presence.room(room!).subscribe(() => {});
        presence.start();
      }, [site.api, token, room]);
      return page;
    },
  };
}

const stateOf = (page: Page): Promise<string> => page.evaluate(() => window.presence.connection.get().state);
const statusOf = (page: Page, id: string): Promise<string | undefined> => page.evaluate((id) => window.presence.user(id).get()?.status, id);

async function eventually(what: string, isTrue: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + 60_000; !await isTrue();) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isLive = (page: Page): Promise<void> => eventually('live', async () => await stateOf(page) == 'live');

async function connectionsOf(token: string): Promise<number> {
  const answer = await fetch(`${url}/api/presence/me/connections`, { headers: { Authorization: `Bearer ${token}`, 'Presence-Activity': 'passive' } });
  return (await answer.json()).data.connections.length;
}

test('three tabs of a user share one connection and one call of activity, and all hear', { skip }, async () => {
  const { open, token, calls, alice, aliceId, room } = await scene();
  const tabs = [await open(), await open(), await open()];
  for (const tab of tabs) await isLive(tab);
  assert.equal(await connectionsOf(token), 1);
  assert.equal(calls('POST /api/negotiate').length, 1);
  assert.equal(calls('POST /api/activity').length, 1);

  await live(alice);
  for (const tab of tabs) await eventually('alice is here', async () => await statusOf(tab, aliceId) == 'online');
  assert.deepEqual(await Promise.all(tabs.map((tab) => tab.evaluate((room) => window.presence.room(room).get()!.isWhole, room))), [true, true, true]);
  // Input in each of them is inside the pace of all.
  for (const tab of tabs) await tab.keyboard.press('a');
  await tabs[0]!.waitForTimeout(2_500);
  assert.equal(calls('POST /api/activity').length, 1);
});

test('when the tab that leads is closed another one connects, and all hear on', { skip }, async () => {
  const { open, token, calls, alice, aliceId } = await scene();
  const tabs = [await open(), await open(), await open()];
  for (const tab of tabs) await isLive(tab);
  await tabs[0]!.close({ runBeforeUnload: true });
  await eventually('another connection', async () => calls('POST /api/negotiate').length == 2);
  await until('the hint', () => calls('PUT /api/presence/me/connections/').length);
  assert.equal(calls('PUT /api/presence/me/connections/')[0]!.body, '{"foreground":false}');
  for (const tab of tabs.slice(1)) await isLive(tab);
  await eventually('one connection', async () => await connectionsOf(token) == 1);
  await live(alice);
  for (const tab of tabs.slice(1)) await eventually('alice is here', async () => await statusOf(tab, aliceId) == 'online');
  assert.equal(calls('DELETE').length, 0);
});

test('a tab that is frozen hands over, and hears again when it goes on', { skip }, async () => {
  const { open, token, calls, alice, aliceId } = await scene();
  const tabs = [await open(), await open()];
  for (const tab of tabs) await isLive(tab);
  const session = await browser.context.newCDPSession(tabs[0]!);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await eventually('another connection', async () => calls('POST /api/negotiate').length == 2);
  await isLive(tabs[1]!);
  await eventually('one connection', async () => await connectionsOf(token) == 1);
  await live(alice);
  await eventually('alice is here', async () => await statusOf(tabs[1]!, aliceId) == 'online');

  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await eventually('alice is here', async () => await statusOf(tabs[0]!, aliceId) == 'online');
  await isLive(tabs[0]!);
  assert.equal(await connectionsOf(token), 1);
  assert.equal(calls('POST /api/negotiate').length, 2);
});

test('a page goes into the back-forward cache, and comes back from it live', { skip }, async () => {
  const { open, alice, aliceId, calls } = await scene();
  const page = await open();
  await isLive(page);
  await page.goto(site.pages + '/elsewhere');
  await until('the hint', () => calls('PUT /api/presence/me/connections/').length);
  await live(alice);
  await page.goBack({ waitUntil: 'commit' });
  assert.equal(await page.evaluate(() => window.restored), true);
  await isLive(page);
  await eventually('alice is here', async () => await statusOf(page, aliceId) == 'online');
  assert.equal(calls('DELETE').length, 0);
});

test('without network the page waits, says so, and is live at once when it is back', { skip }, async () => {
  const { open, token, alice, aliceId } = await scene();
  const page = await open();
  await isLive(page);
  await browser.context.setOffline(true);
  // The socket that stands is not cut by that: the server closes it.
  const connections = await fetch(`${url}/api/presence/me/connections`, { headers: { Authorization: `Bearer ${token}`, 'Presence-Activity': 'passive' } });
  for (const c of (await connections.json()).data.connections) {
    await fetch(`${url}/api/presence/me/connections/${c.connectionId}`, { method: 'DELETE', headers: { Authorization: `Bearer ${token}`, 'Presence-Activity': 'passive' } });
  }

  await eventually('waiting', async () => await stateOf(page) == 'waiting');
  await live(alice);
  await browser.context.setOffline(false);
  await isLive(page);
  await eventually('alice is here', async () => await statusOf(page, aliceId) == 'online');
});
