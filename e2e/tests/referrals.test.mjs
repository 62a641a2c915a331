// Where customers come from: the card, the mark in the thread and the list of one ad, in a real browser; and message requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';

const shop = 'baan.kafe.demo';
const people = { mali: 'nong.mali.demo', art: 'art.sirichai.demo', fai: 'fai.kanjana.demo' };

/** A connected shop, three customers, and the dashboard. */
async function world(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie, shop);
  for (const username of Object.values(people)) await simulator.post('/sim/customers', { username, display_name: username });
  const browser = await openBrowser(t);
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  const says = (customer, text) => simulator.post('/sim/messages', { customer, business: shop, type: 'text', text });
  const clicks = (customer, ad_id, ad_name) => simulator.post('/sim/referrals', { customer, business: shop, source: 'ad', ad_id, ad_name });
  const opens = (customer, more) => simulator.post('/sim/referrals', { customer, business: shop, source: 'short_link', ...more });
  return { simulator, gateway, page, says, clicks, opens };
}

const row = (page, words) => page.getByTestId('conversation-row').filter({ hasText: words });

test('an ad and a refused link: card, mark, and all conversations from it', async (t) => {
  const { gateway, page, says, clicks, opens } = await world(t);
  await clicks(people.mali, '17830402', 'กาแฟหน้าฝน 🌧️ · ทักเลย');
  await says(people.mali, 'สนใจค่ะ');
  await clicks(people.art, '17830402', 'กาแฟหน้าฝน 🌧️ · ทักเลย');
  await says(people.art, 'still open?');
  await says(people.fai, 'มาเองค่ะ');
  await page.goto(gateway.url);
  await row(page, 'สนใจค่ะ').click();
  const card = page.getByTestId('referral-card');
  await card.getByText('กาแฟหน้าฝน 🌧️ · ทักเลย').waitFor();
  await page.getByTestId('referral-mark').getByText('กาแฟหน้าฝน').waitFor();
  await keep(page, 'referral light');
  await assertAccessible(page, 'a referral');

  // A second way in comes while it is open.
  await opens(people.mali, { ref: 'bio_link-2026', prefilled_message: 'ขอดูเมนูค่ะ', prefilled_message_audit_status: 'REJECT' });
  await page.getByTestId('referral-rejected').waitFor();
  assert.equal(await card.count(), 2);

  await page.locator('[data-key="ad:17830402"]').getByTestId('referral-all').click();
  await page.getByTestId('referral-chip').getByText('กาแฟหน้าฝน').waitFor();
  await row(page, 'still open?').waitFor();
  assert.match(page.url(), /referral=ad%3A17830402/);
  assert.equal(await page.getByTestId('conversation-row').count(), 2);
  await page.emulateMedia({ colorScheme: 'dark' });
  await keep(page, 'referral dark');
  await assertAccessible(page, 'the list of one ad');
  await page.emulateMedia({ colorScheme: 'light' });

  // Who opens the address anew is told by its key.
  await page.goto(`${gateway.url}/?referral=ad%3A17830402`);
  await page.getByTestId('referral-chip').getByText('17830402').waitFor();
  await page.getByTestId('referral-clear').click();
  await row(page, 'มาเองค่ะ').waitFor();
  await page.getByTestId('referral-chip').waitFor({ state: 'detached' });
  assert.deepEqual(page.complaints, []);
});

test('on a phone the card is in the drawer', async (t) => {
  const { gateway, page, says, opens } = await world(t);
  await opens(people.mali, { ref: 'bio_link-2026', prefilled_message: 'ขอดูเมนูค่ะ' });
  await says(people.mali, 'ขอดูเมนูค่ะ');
  await page.setViewportSize(sizes.phone);
  await page.goto(gateway.url);
  await row(page, 'ขอดูเมนูค่ะ').click();
  await page.getByTestId('referral-mark').waitFor();
  await keep(page, 'referral phone thread');
  await page.getByTestId('toggle-details').click();
  const drawer = page.getByTestId('details-drawer');
  await drawer.getByTestId('referral-prefilled').getByText('ขอดูเมนูค่ะ').waitFor();
  await keep(page, 'referral phone');
  await assertNoSidewaysScroll(page, 'the referral on a phone');
  await assertAccessible(page, 'the drawer');
  await drawer.getByTestId('referral-all').click();
  await page.getByTestId('referral-chip').waitFor();
  await row(page, 'ขอดูเมนูค่ะ').waitFor();
  await keep(page, 'referral phone list');
  await assertNoSidewaysScroll(page, 'the list of one link on a phone');
  assert.deepEqual(page.complaints, []);
});

test('a message request says that a reply accepts it, and then is none', async (t) => {
  const { gateway, page, says } = await world(t);
  await says(people.fai, 'สวัสดีค่ะ');
  await page.goto(`${gateway.url}/?view=requests`);
  await row(page, 'สวัสดีค่ะ').click();
  await page.getByTestId('request-hint').waitFor();
  await page.getByTestId('strip-request').waitFor();
  await keep(page, 'request');
  await assertAccessible(page, 'a message request');
  await page.getByTestId('composer-text').fill('ยินดีค่ะ');
  await page.getByTestId('send').click();
  await page.getByTestId('strip-request').waitFor({ state: 'detached' });
  await page.getByTestId('request-hint').waitFor({ state: 'detached' });
  await page.getByTestId('view-requests').getByText('1', { exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(page.complaints, []);
});
