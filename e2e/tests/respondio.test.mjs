// Connecting through Respond.io in a real browser: the token, waiting for the channel, the account, its messages, and the token taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { run } from '../lib/process.mjs';

const shop = 'baan.kafe.demo';

/** A shop that is a channel in Respond.io, connected here by the API, and a customer who wrote. */
async function moving(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator, { env: { PROVIDER: 'respondio', RESPONDIO_API_URL: `${simulator.url}/respondio/v2` } });
  await simulator.post('/sim/businesses', { username: shop, display_name: 'บ้านกาแฟ' });
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'น้องมะลิ' });
  const workspace = await simulator.post('/sim/respondio/workspaces', {});
  const channel = await simulator.post(`/sim/respondio/workspaces/${workspace.id}/channels`, { business: shop, name: 'ร้านกาแฟ TikTok' });
  const post = (path, body) => gateway.json(path, { method: 'POST', body: JSON.stringify(body) });
  const space = await post('/api/v1/respondio/spaces', { token: workspace.tokens[0] });
  const account = await post(`/api/v1/respondio/spaces/${space.id}/accounts`, { channelId: String(channel.id) });
  const says = (text) => simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: shop, type: 'text', text });
  return { simulator, gateway, account, says };
}

test('TikTok itself joins the account, the sender is switched in the browser and by the command, and both told the same', async (t) => {
  const { gateway, account, says } = await moving(t);
  const browser = await openBrowser(t);
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, await signIn(gateway));
  await says('ก่อนย้าย');
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').filter({ hasText: 'ก่อนย้าย' }).waitFor();
  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('check-account').click();
  await page.getByTestId('join-tiktok').click();
  await page.getByText(shop).first().click();
  await page.getByRole('button', { name: /authori[sz]e|allow|continue|อนุญาต/i }).click();
  await page.waitForURL(/\/accounts\?connected=/);
  await page.getByTestId('check-account').click();
  await page.getByTestId('sender-official').click();
  await page.locator('[data-testid=sender-official][aria-pressed=true]').waitFor();
  await page.getByTestId('no-shadows').waitFor();
  await keep(page, 'sides light');
  await assertAccessible(page, 'two sides');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(sizes.phone);
  await assertNoSidewaysScroll(page, 'two sides');
  await keep(page, 'sides phone dark');
  assert.equal((await gateway.json('/api/v1/accounts')).items[0].provider, 'official');

  // Back by one command, beside the running server.
  const back = await run(['sender', account.id, 'respondio', '--json'], gateway.env, gateway.dataDir);
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(JSON.parse(back.stdout).map((side) => [side.provider, side.sends]), [['respondio', true], ['official', false]]);
  assert.equal((await gateway.json('/api/v1/accounts')).items[0].provider, 'respondio');

  // One conversation goes its own way, once both sides know it.
  await page.setViewportSize(sizes.wide);
  await page.goto(gateway.url);
  await says('ตอนย้าย');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=conversation-row]').length === 1);
  await page.getByTestId('conversation-row').filter({ hasText: 'ตอนย้าย' }).click();
  await page.getByTestId('conversation-sender').click();
  await page.getByTestId('choose-official').click();
  await page.locator('[data-testid=conversation-sender][data-sender=official]').waitFor();
  assert.equal((await gateway.json('/api/v1/conversations')).items[0].sender, 'official');
  await assertAccessible(page, 'who sends in a conversation');
  await keep(page, 'conversation sender dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(sizes.phone);
  await page.getByTestId('toggle-details').click();
  const drawer = page.getByTestId('details-drawer');
  await drawer.getByTestId('conversation-sender').click();
  await keep(page, 'conversation sender phone light');
  await page.getByTestId('choose-account').click();
  await drawer.locator('[data-testid=conversation-sender][data-sender=account]').waitFor();
  assert.equal((await gateway.json('/api/v1/conversations')).items[0].sender, null);
  assert.deepEqual(page.complaints, []);
});

test('a channel of Respond.io becomes an account: token, waiting, choosing, a message, a reply', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator, { env: { PROVIDER: 'respondio', RESPONDIO_API_URL: `${simulator.url}/respondio/v2` } });
  await simulator.post('/sim/businesses', { username: shop, display_name: 'บ้านกาแฟ' });
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'น้องมะลิ' });
  const workspace = await simulator.post('/sim/respondio/workspaces', {});
  const browser = await openBrowser(t);
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, await signIn(gateway));
  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('connect-respondio').click();
  await page.getByTestId('respondio-steps').waitFor();
  await assertAccessible(page, 'connecting through Respond.io');
  await keep(page, 'respondio steps light');

  await page.locator('#respondio-token').fill('not-a-token');
  await page.getByTestId('give-token').click();
  await page.getByTestId('token-trouble').waitFor();
  await page.locator('#respondio-token').fill(workspace.tokens[0]);
  await page.getByTestId('give-token').click();
  await page.getByTestId('waiting').waitFor();
  await keep(page, 'respondio waiting light');

  // The person connects TikTok in Respond.io meanwhile.
  const channel = await simulator.post(`/sim/respondio/workspaces/${workspace.id}/channels`, { business: shop, name: 'ร้านกาแฟ TikTok' });
  await page.getByTestId('channel').getByText('ร้านกาแฟ TikTok').first().waitFor();
  assert.equal(await page.getByTestId('channel').getAttribute('data-channel'), String(channel.id));
  await page.getByTestId('connect-channel').click();
  await page.getByTestId('channel').getByText('Connected', { exact: true }).waitFor();
  await page.getByTestId('ask-history').click();
  await page.locator('[data-testid=whole-history][data-done=true]').waitFor();
  await assertAccessible(page, 'a connected channel');
  await page.emulateMedia({ colorScheme: 'dark' });
  await keep(page, 'respondio connected dark');
  await page.setViewportSize(sizes.phone);
  await assertNoSidewaysScroll(page, 'connecting through Respond.io');
  await keep(page, 'respondio connected phone dark');
  await page.setViewportSize(sizes.wide);
  await page.emulateMedia({ colorScheme: 'light' });

  await simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: shop, type: 'text', text: 'ผ่าน Respond.io ค่ะ' });
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').filter({ hasText: 'ผ่าน Respond.io ค่ะ' }).click();
  await page.getByTestId('composer-text').fill('ขอบคุณค่ะ');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('message').filter({ hasText: 'ขอบคุณค่ะ' }).and(page.locator('[data-status=sent]')).waitFor();
  await keep(page, 'respondio conversation light');

  await page.goto(`${gateway.url}/accounts/respondio`);
  await page.getByTestId('remove-space').click();
  await page.getByTestId('confirm-remove').click();
  await page.getByTestId('respondio-steps').waitFor();
  const accounts = await gateway.json('/api/v1/accounts');
  assert.equal(accounts.items[0].state, 'disconnected');
  // The refused token is the one thing that the browser complains of.
  assert.deepEqual(page.complaints.filter((words) => !words.includes('status of 4')), []);
});
