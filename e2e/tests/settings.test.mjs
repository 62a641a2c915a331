// API keys from birth to revocation, and the choices that a browser keeps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

test('an API key is shown once, works, and is refused when revoked', async (t) => {
  const gateway = await startGateway(t, await startSimulator(t));
  const page = await openPage(t, await openBrowser(t));
  await useCookie(page, gateway.url, await signIn(gateway));
  await page.goto(`${gateway.url}/settings/api-keys`);
  await page.getByTestId('api-key-name').fill('shop-orders');
  await page.getByTestId('scope-send').click();
  await page.getByTestId('create-api-key').click();
  const secret = await page.getByTestId('secret').inputValue();
  await keep(page, 'new API key');
  await assertAccessible(page, 'a new API key');

  const ask = (path) => fetch(gateway.url + path, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal((await ask('/api/v1/conversations')).status, 200);
  assert.equal((await ask('/api/v1/api-keys')).status, 403, 'a key that may send makes no keys');

  await page.reload();
  const row = page.getByTestId('api-key-row').filter({ hasText: 'shop-orders' });
  await row.waitFor();
  assert.match(await row.innerText(), /by Ploy/);
  assert.equal(await page.getByTestId('secret').count(), 0);
  assert.ok(!(await page.content()).includes(secret));

  await row.getByTestId('revoke-api-key').click();
  await keep(page, 'revoke');
  await assertAccessible(page, 'the question before revoking');
  await page.getByTestId('confirm-revoke').click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await ask('/api/v1/conversations')).status, 401);
  assert.deepEqual(page.complaints, []);
});

test('theme and language stay chosen, and every page is right in Thai', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  const { username } = await connectAccount(gateway, simulator, cookie);
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'น้องมะลิ 🌼' });
  await simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: username, type: 'text', text: 'สวัสดีค่ะ' });
  const page = await openPage(t, await openBrowser(t), { colorScheme: 'light' });
  await useCookie(page, gateway.url, cookie);
  const html = page.locator('html');

  await page.goto(`${gateway.url}/settings/api-keys`);
  await page.getByTestId('theme-dark').click();
  await page.getByTestId('language-th').click();
  await page.reload();
  await page.getByTestId('api-key-form').waitFor();
  assert.deepEqual([await html.getAttribute('data-theme'), await html.getAttribute('lang')], ['dark', 'th']);

  for (const [size, viewport] of [['wide', sizes.wide], ['phone', sizes.phone]]) {
    await page.setViewportSize(viewport);
    for (const [path, ready] of [['/', 'conversation-row'], ['/accounts', 'account-row'], ['/settings/api-keys', 'api-key-form']]) {
      await page.goto(gateway.url + path);
      await page.getByTestId(ready).first().waitFor();
      await look(page, `Thai ${path} ${size}`);
    }
    await page.goto(gateway.url);
    await page.getByTestId('conversation-row').first().click();
    await page.getByTestId('composer').waitFor();
    await look(page, `Thai conversation ${size}`);
  }

  await page.goto(`${gateway.url}/settings/api-keys`);
  await page.getByTestId('theme-system').click();
  await page.getByTestId('language-en').click();
  await until('the theme follows the device again', async () => (await html.getAttribute('data-theme')) === 'light');
  assert.equal(await html.getAttribute('lang'), 'en');
});

async function look(page, where) {
  await keep(page, where);
  await assertNoSidewaysScroll(page, where);
  await assertAccessible(page, where);
}
