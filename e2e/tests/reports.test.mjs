// Reports in a real browser: the volume, a year's costs, and prices that the reader knows better.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';

const shop = 'baan.kafe.demo';

test('a year here beside a year elsewhere, from what was said, at prices of one’s own', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie, shop);
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'น้องมะลิ' });
  for (const text of ['สวัสดีค่ะ', 'สนใจค่ะ']) await simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: shop, type: 'text', text });
  const browser = await openBrowser(t);
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').first().waitFor();
  await page.getByTestId('nav-reports').click();

  const row = (key) => page.getByTestId(`offer-${key}`);
  await page.getByTestId('volume').getByText(/2 from customers/).waitFor({ state: 'attached' });
  await row('respondio-growth').getByText('2,388').waitFor();
  await page.getByTestId('cost-contacts').fill('2500');
  await page.keyboard.press('Enter');
  await row('respondio-growth').getByText('4,548').waitFor();
  await keep(page, 'reports light');
  await assertAccessible(page, 'reports');

  await page.getByTestId('price-respondio-growth').fill('150,5');
  await page.keyboard.press('Enter');
  await row('respondio-growth').getByText('1,806').waitFor();
  await row('respondio-growth').getByText('your price').waitFor();
  // It is remembered, and taken back.
  await page.reload();
  await row('respondio-growth').getByText('1,806').waitFor();
  await row('respondio-growth').getByRole('button').click();
  await row('respondio-growth').getByText('2,388').waitFor();

  await page.setViewportSize(sizes.phone);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByTestId('tabs').getByText('Settings').click();
  await page.getByTestId('to-reports').click();
  await row('direct').waitFor();
  await assertNoSidewaysScroll(page, 'reports');
  await keep(page, 'reports phone dark');
  await assertAccessible(page, 'reports on a phone');
  assert.deepEqual(page.complaints, []);
});
