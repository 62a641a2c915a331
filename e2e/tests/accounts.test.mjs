// The accounts page: an identity beside the messages, one person one account, and a pause.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { app, connectAccount, connectIdentity, customerText, signIn, startGateway, startSimulator, webhook } from '../lib/gateway.mjs';

const kit = { TIKTOK_CLIENT_KEY: 'awsimulatorweb42', TIKTOK_CLIENT_SECRET: app.secret };

/** A gateway that knows both of TikTok's platforms, and the owner's cookie. */
async function start(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator, { env: { ...kit, TIKTOK_OPEN_API_URL: `${simulator.url}/v2` } });
  return { simulator, gateway, cookie: await signIn(gateway) };
}

test('an identity and the account of the same person become one, when a person says so', async (t) => {
  const { simulator, gateway, cookie } = await start(t);
  const shop = await connectAccount(gateway, simulator, cookie);
  const identity = await connectIdentity(gateway, simulator, cookie);
  const page = await openPage(t, await openBrowser(t));
  await useCookie(page, gateway.url, cookie);
  await page.goto(`${gateway.url}/accounts?connected=${identity}`);
  await page.getByTestId('connected').getByText('identity only').waitFor();
  const row = (id) => page.locator(`[data-account-id="${id}"]`);
  await row(identity).getByTestId('next-business').waitFor();
  await page.getByTestId('same-person').waitFor();
  await look(page, 'accounts, one person twice');
  await page.getByTestId('merge').click();
  await row(identity).waitFor({ state: 'detached' });
  await row(shop.id).getByTestId('identity').waitFor();
  assert.equal(await page.getByTestId('same-person').count(), 0);
  await look(page, 'accounts, one person once');

  await row(shop.id).getByTestId('account-menu').click();
  await page.getByTestId('identity-off').click();
  await row(shop.id).getByTestId('identity').waitFor({ state: 'detached' });
  const account = await gateway.json(`/api/v1/accounts/${shop.id}`);
  assert.equal(account.state, 'active');
  assert.equal(account.identity, null);
  assert.deepEqual(page.complaints, []);
});

test('a paused account says so, where it is listed and where one would write', async (t) => {
  const { simulator, gateway, cookie } = await start(t);
  const shop = await connectAccount(gateway, simulator, cookie);
  await fetch(`${gateway.url}/webhook/tiktok`, webhook(shop.openId, customerText(shop.openId, 1, 'สวัสดีค่ะ')));
  const { items } = await gateway.json('/api/v1/conversations');
  const page = await openPage(t, await openBrowser(t));
  await useCookie(page, gateway.url, cookie);
  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('account-menu').click();
  await keep(page, 'account menu');
  await page.getByTestId('pause').click();
  await page.locator('[data-account-id][data-state="paused"]').waitFor();
  await look(page, 'accounts, one paused');
  await page.goto(`${gateway.url}/?c=${items[0].id}`);
  await page.locator('[data-testid="composer-locked"][data-mode="paused"]').waitFor();
  await look(page, 'a paused conversation');
  await page.getByTestId('composer-resume').click();
  await page.getByTestId('composer-locked').waitFor({ state: 'detached' });
  assert.equal((await gateway.json(`/api/v1/accounts/${shop.id}`)).state, 'active');
  assert.deepEqual(page.complaints, []);
});

/** Wide and on a phone, light and dark. */
async function look(page, where) {
  for (const [size, viewport] of Object.entries({ wide: sizes.wide, phone: sizes.phone })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await keep(page, `${where} ${size} ${colorScheme}`);
      await assertNoSidewaysScroll(page, where);
      await assertAccessible(page, where);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(sizes.wide);
}
