import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { findings } from './axe.js';
import { open, press, skip, url } from './site.js';

/** What a host answers that has kept sessions for four weeks. */
const report = {
  from: '2026-03-02', to: '2026-03-29', timeZone: 'Europe/Berlin',
  days: Array.from({ length: 28 }, (_, i) => ({
    day: `2026-03-${String(i + 2).padStart(2, '0')}`, users: 900 + 20 * i, guests: 40 + i, weeklyUsers: 2000 + 30 * i, returnedAfterDay: i ? 0.5 + i / 100 : null,
    returnedAfterWeek: i < 7 ? null : 0.6, peak: 300 + i, peakAt: `2026-03-${String(i + 2).padStart(2, '0')}T08:31:00Z`, sessions: 4000 + i,
  })),
  peak: 327, peakAt: '2026-03-29T08:31:00Z',
  sessions: { count: 112378, medianSeconds: 722.4, p90Seconds: 5412.1, p95Seconds: 9011.7, p99Seconds: 28011.2 },
  hours: Array.from({ length: 24 }, (_, hour) => hour > 7 && hour < 18 ? 200 + hour : 12.25),
  week: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((weekday, i) => ({ weekday, hours: Array.from({ length: 24 }, (_, hour) => (7 - i) * hour) })),
};

async function show(page: Page, data: unknown, query = ''): Promise<void> {
  await page.route('**/maintenance/analytics*', (route) => route.fulfill({ json: { success: true, data } }));
  await page.goto(`${url}/analytics${query}`);
}

for (const [scheme, width] of [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]] as const) {
  test(`axe finds nothing in ${scheme} at ${width} pixels`, { skip }, async () => {
    const page = await open([], { colorScheme: scheme, viewport: { width, height: 800 } });
    await show(page, report);
    await page.getByRole('img', { name: /^Active users/ }).waitFor();
    assert.deepEqual(await findings(page), []);
    for (const numbers of await page.getByText('Numbers', { exact: true }).all()) await numbers.click();
    assert.deepEqual(await findings(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the window');
  });
}

test('the plots say in words and in numbers what they show', { skip }, async () => {
  const page = await open();
  await show(page, report, '?from=2026-03-02&to=2026-03-29&timeZone=Europe%2FBerlin');

  await page.getByRole('img', { name: 'Active users. on the day: last 1,440, most 1,440 at 03-29. in seven days: last 2,810, most 2,810 at 03-29. guests: last 67, most 67 at 03-29' }).waitFor();
  await page.getByRole('img', { name: 'Returns. of those of the day before: last 77 %, most 77 % at 03-29. of those of the week before: last 60 %, most 60 % at 03-09' }).waitFor();
  await page.getByRole('img', { name: 'Here on average in the week (Europe/Berlin): most on monday at 23:00, 161' }).waitFor();
  await page.getByText('12 min', { exact: true }).waitFor();
  const returns = page.getByRole('figure').filter({ hasText: 'Returns' });
  await returns.getByText('Numbers').click();
  assert.deepEqual(await returns.getByRole('row').nth(1).locator('th, td').allTextContents(), ['03-02', '–', '–']);
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'Europe/Berlin');
});

test('another choice is asked for, and stands in the address', { skip }, async () => {
  const page = await open();
  await show(page, report);
  await page.getByLabel('From').fill('2026-01-05');
  await page.getByLabel('to', { exact: true }).fill('2026-02-01');
  await page.getByLabel('Time zone').fill('Asia/Tokyo');
  const [asked] = await Promise.all([page.waitForRequest('**/maintenance/analytics*'), press(page, 'Show')]);

  assert.equal(new URL(asked.url()).search, '?from=2026-01-05&to=2026-02-01&timeZone=Asia%2FTokyo');
  assert.equal(new URL(page.url()).search, '?from=2026-01-05&to=2026-02-01&timeZone=Asia%2FTokyo');
});

test('a host without history says what to do, and what is refused is shown', { skip }, async () => {
  const page = await open();
  await page.goto(`${url}/analytics`);
  await page.getByText('Of these days nothing is summed up').waitFor();
  assert.deepEqual(await findings(page), []);
  await press(page, 'Clean up now');
  await page.getByText('Of these days nothing is summed up').waitFor();

  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await press(page, 'Show');
  await page.getByText('timeZone must be the IANA id of a time zone').waitFor();
});
