// The health panel of an account: what is wrong, why, and the one click that mends it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { app, connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';

test('a webhook that went elsewhere is named and brought back by one click', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie);
  const elsewhere = { app_id: app.id, secret: app.secret, event_type: 'DIRECT_MESSAGE', callback_url: 'https://old.example.com/hook' };
  await simulator.post('/open_api/v1.3/business/webhook/update/', elsewhere);

  const page = await openPage(t, await openBrowser(t));
  await useCookie(page, gateway.url, cookie);
  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('check-account').click();
  const finding = (id) => page.locator(`[data-finding="${id}"]`);
  await finding('webhook-elsewhere').waitFor();
  assert.equal(await finding('webhook-elsewhere').getAttribute('data-level'), 'problem');
  assert.match(await finding('webhook-elsewhere').innerText(), /old\.example\.com[\s\S]*doctor --fix/);
  assert.match(await finding('redirect-uri').innerText(), new RegExp(`localhost:${gateway.port}/auth/callback`));
  assert.match(await page.getByTestId('health-summary').innerText(), /1 to fix/);
  await look(page, 'health with a problem');

  await page.getByTestId('set-webhook').click();
  await finding('webhook-elsewhere').waitFor({ state: 'detached' });
  assert.match(await page.getByTestId('health-summary').innerText(), /0 to fix/);
  await page.getByTestId('show-fine').click();
  await finding('webhook-registered').waitFor();
  await finding('webhook-reachable').waitFor();
  await look(page, 'health, all shown');
  await page.setViewportSize(sizes.phone);
  await look(page, 'health on a phone');
  await page.getByTestId('close-health').click();
  await page.getByTestId('health').waitFor({ state: 'detached' });
  assert.deepEqual(page.complaints, []);
});

async function look(page, where) {
  await keep(page, where);
  await assertNoSidewaysScroll(page, where);
  await assertAccessible(page, where);
}
