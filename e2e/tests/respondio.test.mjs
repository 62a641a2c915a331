// The demo with PROVIDER=respondio, as a person does it: Login Kit says who, Respond.io brings the messages, a reply leaves; then TikTok itself
// joins, and in the end everything is taken back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agree, assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { app, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { run } from '../lib/process.mjs';
import { until } from '../lib/until.mjs';

const shop = 'baan.kafe.demo';
const customer = 'nong.mali.demo';
const channelName = 'ร้านกาแฟ TikTok';

test('the demo flow through Respond.io: Login Kit, the picture, live messages, a reply; TikTok itself joins, and all is taken back', async (t) => {
  const demo = await open(t);
  await signInWithLoginKit(demo);
  await connectTheChannel(demo);
  await sayWhoseItIs(demo);
  await talk(demo);
  await letTiktokJoin(demo);
  await letOneConversationGoAhead(demo);
  await takeItBack(demo);
  // The refused token is the one thing that the browser complains of.
  assert.deepEqual(demo.page.complaints.filter((words) => !words.includes('status of 4')), []);
});

/** A shop that nobody has connected yet, a customer, a workspace of Respond.io without a channel, and the owner's browser. */
async function open(t) {
  const simulator = await startSimulator(t);
  const env = {
    PROVIDER: 'respondio',
    RESPONDIO_API_URL: `${simulator.url}/respondio/v2`,
    TIKTOK_CLIENT_KEY: 'awsimulatorweb42',
    TIKTOK_CLIENT_SECRET: app.secret,
    TIKTOK_OPEN_API_URL: `${simulator.url}/v2`,
  };
  const gateway = await startGateway(t, simulator, { env });
  await simulator.post('/sim/businesses', { username: shop, display_name: 'บ้านกาแฟ' });
  await simulator.post('/sim/customers', { username: customer, display_name: 'น้องมะลิ' });
  const workspace = await simulator.post('/sim/respondio/workspaces', {});
  const page = await openPage(t, await openBrowser(t));
  await useCookie(page, gateway.url, await signIn(gateway));
  return { simulator, gateway, workspace, page };
}

const row = (page, id) => page.locator(`[data-testid=account-row][data-account-id="${id}"]`);

/** The picture is really there, from TikTok's address. */
async function assertPicture(page, id) {
  const picture = row(page, id).locator('img');
  await until('the picture of the account', () => picture.evaluate((image) => image.complete && image.naturalWidth > 0));
  assert.match(await picture.getAttribute('src'), /\/sim\/avatars\/baan\.kafe\.demo/);
}

async function signInWithLoginKit({ gateway, page }) {
  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('connect-login').click();
  const identity = await agree(page, shop);
  await page.getByTestId('connected').getByText('identity only').waitFor();
  await row(page, identity).getByText(`@${shop}`).waitFor();
  await assertPicture(page, identity);
  assert.equal(await page.getByTestId('whose').count(), 0, 'nothing it could be yet');
}

async function connectTheChannel({ simulator, workspace, page }) {
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
  const channel = await simulator.post(`/sim/respondio/workspaces/${workspace.id}/channels`, { business: shop, name: channelName });
  await page.getByTestId('channel').getByText(channelName).first().waitFor();
  assert.equal(await page.getByTestId('channel').getAttribute('data-channel'), String(channel.id));
  await page.getByTestId('connect-channel').click();
  await page.getByTestId('channel').getByText('Connected', { exact: true }).waitFor();
  await page.getByTestId('is-this').getByText(`Is this @${shop}?`).waitFor();
  await page.getByTestId('ask-history').click();
  await page.locator('[data-testid=whole-history][data-done=true]').waitFor();
  await look(page, 'respondio connected');
}

/** As the API tells of it once it has lasted two minutes, which a test does not wait for: of one contact, and of more than are named. */
async function lookAtWhoCantBeRead(page) {
  const since = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const one = (contactId, problem, status) => ({ contactId, problem, status, reason: 'in English', since });
  const few = [one('204817702', 'status', 500)];
  const many = [...few, one('204817711', 'no_answer', null), one('204817733', 'odd_answer', null)];
  for (const [contacts, count, name] of [[few, 1, 'one contact'], [many, 12, 'twelve contacts']]) {
    const change = async (route) => {
      const answer = await (await route.fetch()).json();
      for (const space of answer.items) Object.assign(space.history, { contacts: 40, whole: 40 - count, unreadable: count, unreadableContacts: contacts, done: false });
      await route.fulfill({ json: answer });
    };
    await page.route('**/api/v1/respondio/spaces', change);
    await page.reload();
    const told = page.getByTestId('unreadable');
    await told.getByText(count === 1 ? '1 contact can’t be read' : '12 contacts can’t be read').waitFor();
    await told.getByText('Contact 204817702: Respond.io answers 500, since').waitFor();
    if (count > 1) await told.getByText('and 9 more').waitFor();
    await page.locator('[data-testid=whole-history][data-done=false]').waitFor();
    await look(page, `respondio, ${name} unreadable`);
    // The page asks again and again: an answer that is being changed is waited for.
    await page.unrouteAll({ behavior: 'wait' });
  }
  await page.reload();
  await page.locator('[data-testid=whole-history][data-done=true]').waitFor();
}

/** Once where the channel was connected, and, taken back and signed in again, once on the accounts page. */
async function sayWhoseItIs({ gateway, page }) {
  await page.getByTestId('is-this-yes').click();
  await page.getByTestId('is-this').waitFor({ state: 'detached' });
  await lookAtWhoCantBeRead(page);
  const [account] = (await gateway.json('/api/v1/accounts')).items;
  await page.goto(`${gateway.url}/accounts`);
  await row(page, account.id).getByTestId('identity').waitFor();
  await row(page, account.id).getByTestId('account-menu').click();
  await page.getByTestId('identity-off').click();
  await row(page, account.id).getByTestId('identity').waitFor({ state: 'detached' });
  assert.equal(await row(page, account.id).locator('img').count(), 0, 'a channel has no picture');

  await page.getByTestId('connect-login').click();
  const identity = await agree(page, shop);
  await page.getByTestId('connected-whose').waitFor();
  await row(page, identity).getByTestId('whose').click();
  await page.getByTestId('whose-choice').getByText(channelName).waitFor();
  await look(page, 'whose identity');
  await page.getByTestId('whose-choice').click();
  await row(page, identity).waitFor({ state: 'detached' });
  await row(page, account.id).getByText(`@${shop}`).waitFor();
  await row(page, account.id).getByTestId('channel-name').getByText(channelName).waitFor();
  await assertPicture(page, account.id);
  await look(page, 'accounts, a channel with its identity');

  const status = await gateway.json('/api/status');
  assert.equal(status.provider, 'respondio');
  const [told, ...others] = await gateway.json('/api/accounts');
  assert.deepEqual(others, []);
  assert.deepEqual([told.id, told.username, told.display_name, told.status], [account.id, shop, 'บ้านกาแฟ', 'active']);
  assert.equal(told.open_id, (await gateway.json(`/api/v1/accounts/${account.id}`)).identity.openId);
  assert.match(told.avatar_url, /^http.*\/sim\/avatars\//);
}

/** The page is open before anybody has written: what comes, comes live. */
async function talk({ simulator, gateway, page }) {
  const listed = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/v1/conversations');
  await page.goto(gateway.url);
  assert.deepEqual((await (await listed).json()).items, []);
  const opened = await page.evaluate(() => performance.timeOrigin);
  await simulator.post('/sim/messages', { customer, business: shop, type: 'text', text: 'ผ่าน Respond.io ค่ะ' });
  await page.getByTestId('conversation-row').filter({ hasText: 'ผ่าน Respond.io ค่ะ' }).click();
  await page.getByTestId('composer-text').fill('ขอบคุณค่ะ');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('message').filter({ hasText: 'ขอบคุณค่ะ' }).and(page.locator('[data-status=sent]')).waitFor();
  assert.equal(await page.evaluate(() => performance.timeOrigin), opened, 'nothing was loaded again');
  await keep(page, 'respondio conversation light');
  const [thread] = (await simulator.get('/sim/state')).conversations;
  const { messages } = await simulator.get(`/sim/conversations/${encodeURIComponent(thread.id)}`);
  assert.equal(messages.filter((message) => JSON.stringify(message).includes('ขอบคุณค่ะ')).length, 1, 'on the customer’s phone, once');
}

/** TikTok's own side, of the same username; the sender is switched in the browser, and back by one command beside the running server. */
async function letTiktokJoin({ gateway, page }) {
  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('check-account').click();
  await page.getByTestId('join-tiktok').click();
  const account = await agree(page, shop);
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
  await page.setViewportSize(sizes.wide);
  await page.emulateMedia({ colorScheme: 'light' });
  const sender = async () => (await gateway.json(`/api/v1/accounts/${account}`)).provider;
  assert.equal(await sender(), 'official');
  const back = await run(['sender', account, 'respondio', '--json'], gateway.env, gateway.dataDir);
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(JSON.parse(back.stdout).map((side) => [side.provider, side.sends]), [['respondio', true], ['official', false]]);
  assert.equal(await sender(), 'respondio');
}

/** Once both sides know the conversation, it may leave through another one than the account does. */
async function letOneConversationGoAhead({ simulator, gateway, page }) {
  await page.goto(gateway.url);
  await simulator.post('/sim/messages', { customer, business: shop, type: 'text', text: 'ตอนย้าย' });
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=conversation-row]').length === 1);
  await page.getByTestId('conversation-row').filter({ hasText: 'ตอนย้าย' }).click();
  await page.getByTestId('conversation-sender').click();
  await page.getByTestId('choose-official').click();
  await page.locator('[data-testid=conversation-sender][data-sender=official]').waitFor();
  const sender = async () => (await gateway.json('/api/v1/conversations')).items[0].sender;
  assert.equal(await sender(), 'official');
  await page.emulateMedia({ colorScheme: 'dark' });
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
  assert.equal(await sender(), null);
  await page.setViewportSize(sizes.wide);
}

async function takeItBack({ gateway, page }) {
  await page.goto(`${gateway.url}/accounts/respondio`);
  await page.getByTestId('remove-space').click();
  await page.getByTestId('confirm-remove').click();
  await page.getByTestId('respondio-steps').waitFor();
  const accounts = await gateway.json('/api/v1/accounts');
  assert.equal(accounts.items[0].state, 'disconnected');
}

/** Wide and on a phone, light and dark. */
async function look(page, where) {
  for (const [size, viewport] of Object.entries({ wide: sizes.wide, phone: sizes.phone })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await keep(page, `${where} ${size} ${colorScheme}`);
      await assertNoSidewaysScroll(page, where);
    }
    await assertAccessible(page, where);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await page.setViewportSize(sizes.wide);
}
