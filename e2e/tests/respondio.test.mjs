// Connecting through Respond.io in a real browser: the token, waiting for the channel, the account, its messages, and the token taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { signIn, startGateway, startSimulator } from '../lib/gateway.mjs';

const shop = 'baan.kafe.demo';

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
