// The main job in a real browser: connect, be written to, answer, and see the truth about every reply.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agree, assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { png } from '../lib/picture.mjs';
import { until } from '../lib/until.mjs';

const shop = 'baan.kafe.demo';
const customer = 'nong.mali.demo';

async function world(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  const browser = await openBrowser(t);
  await simulator.post('/sim/customers', { username: customer, display_name: 'น้องมะลิ 🌼' });
  const says = (text, extra = {}) => simulator.post('/sim/messages', { customer, business: shop, type: 'text', text, ...extra });
  return { simulator, gateway, cookie, browser, says };
}

/** A connected shop, a customer who wrote, and the conversation open in the dashboard. */
async function talking(t, ...words) {
  const here = await world(t);
  const account = await connectAccount(here.gateway, here.simulator, here.cookie, shop);
  for (const text of words) await here.says(text);
  const page = await openPage(t, here.browser);
  await useCookie(page, here.gateway.url, here.cookie);
  await page.goto(here.gateway.url);
  await page.getByTestId('conversation-row').first().click();
  await bubble(page, words.at(-1)).waitFor();
  return { ...here, account, page };
}

const bubble = (page, text) => page.getByTestId('message').filter({ hasText: text });
const inState = (page, text, state) => page.locator(`[data-testid=message][data-status=${state}]`).filter({ hasText: text });

/** Lets messages to TikTok go wrong until the given function is called. Not a number of times: "seen" and "typing" go to the same address. */
async function sendsGoWrong(simulator, fault) {
  const { id } = await simulator.post('/sim/faults', { endpoint: 'message/send', ...fault });
  return () => simulator.remove(`/sim/faults/${id}`);
}

async function reply(page, text) {
  await page.getByTestId('composer-text').fill(text);
  await page.getByTestId('send').click();
}

test('connect through the consent page, talk with words and pictures, disconnect', async (t) => {
  const { simulator, gateway, cookie, browser, says } = await world(t);
  await simulator.post('/sim/businesses', { username: shop, display_name: 'บ้านกาแฟ ☕ Demo' });
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);

  await page.goto(`${gateway.url}/accounts`);
  await page.getByTestId('connect').or(page.getByTestId('connect-business')).first().click();
  await agree(page, shop);
  await page.getByTestId('connected').waitFor();
  const account = page.getByTestId('account-row').filter({ hasText: shop });
  assert.equal(await account.getAttribute('data-state'), 'active');
  await assertAccessible(page, 'accounts');
  await page.goto(gateway.url);

  await says('สวัสดีค่ะ ร้านเปิดกี่โมงคะ');
  const row = page.getByTestId('conversation-row').filter({ hasText: 'สวัสดีค่ะ' });
  await row.waitFor();
  await row.click();
  for (const text of ['Do you have oat milk?', '😊☕🌧️']) {
    await says(text);
    await bubble(page, text).waitFor();
  }
  const upload = await fetch(`${simulator.url}/sim/media`, { method: 'POST', body: png() });
  const { media_id } = await upload.json();
  await simulator.post('/sim/messages', { customer, business: shop, type: 'image', media_id });
  const received = page.getByTestId('message').getByTestId('picture').locator('img');
  await until('the picture is drawn', () => received.first().evaluate((image) => image.naturalWidth === 240));

  // The customer's phone, and the agent's screen, side by side.
  const phone = await openPage(t, browser);
  await phone.goto(simulator.url);
  await phone.getByTestId(`person-${customer}`).click();

  await reply(page, 'เปิด 8 โมงเช้าค่ะ 🌞');
  await inState(page, 'เปิด 8 โมงเช้าค่ะ', 'sent').waitFor();
  await phone.getByTestId('message').filter({ hasText: 'เปิด 8 โมงเช้าค่ะ' }).waitFor();

  await page.getByTestId('picture-input').setInputFiles({ name: 'menu.png', mimeType: 'image/png', buffer: png(320, 200, [170, 90, 60]) });
  await page.locator('[data-testid=attachment][data-state=ready]').waitFor();
  await page.getByTestId('send').click();
  await phone.locator('[data-testid=message][data-from=business][data-type=image]').waitFor();

  await phone.getByTestId('act-read').click();
  await inState(page, 'เปิด 8 โมงเช้าค่ะ', 'seen').waitFor();

  await phone.getByTestId('app-text').fill('ตอบจากแอปค่ะ');
  await phone.getByTestId('app-send').click();
  await bubble(page, 'ตอบจากแอปค่ะ').locator('[data-testid=source][data-kind=tiktok_app]').waitFor();

  await phone.getByTestId('write-text').fill('from the phone');
  await phone.getByTestId('write-send').click();
  await bubble(page, 'from the phone').waitFor();
  assert.equal(await page.getByTestId('message').filter({ hasText: 'เปิด 8 โมงเช้าค่ะ' }).count(), 1, 'the echo is no second message');
  await keep(page, 'conversation');
  await assertAccessible(page, 'a conversation');

  await page.goto(`${gateway.url}/accounts`);
  await account.getByTestId('disconnect').click();
  await page.getByTestId('confirm-disconnect').click();
  await page.locator('[data-testid=account-row][data-state=disconnected]').waitFor();
  // The row is told before TikTok has answered.
  await until('the token is revoked', async () => JSON.stringify(await simulator.get('/sim/calls')).includes('oauth2/revoke'));
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').first().click();
  await page.getByTestId('composer-locked').waitFor();
  assert.deepEqual(page.complaints, []);
});

test('what is said while a conversation opens stands there, though its messages were read before', async (t) => {
  const { gateway, simulator, cookie, browser, says } = await world(t);
  await connectAccount(gateway, simulator, cookie, shop);
  await says('before');
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  const row = page.getByTestId('conversation-row');
  await row.filter({ hasText: 'before' }).waitFor();
  await page.route('**/conversations/*/messages?*', async (route) => {
    const read = await route.fetch();
    await says('meanwhile');
    await row.filter({ hasText: 'meanwhile' }).waitFor();
    await route.fulfill({ response: read });
  }, { times: 1 });
  await row.click();
  await bubble(page, 'before').waitFor();
  await bubble(page, 'meanwhile').waitFor();
  assert.deepEqual(page.complaints, []);
});

test('a refused reply says why, and Retry really sends', async (t) => {
  const { simulator, page } = await talking(t, 'hello');
  const mend = await sendsGoWrong(simulator, { kind: 'code', value: 40002 });
  await reply(page, 'please');
  const failed = inState(page, 'please', 'failed');
  await failed.waitFor();
  assert.match(await failed.innerText(), /40002/);
  await page.getByTestId('view-failed').getByText('1', { exact: true }).waitFor();
  await keep(page, 'failed');
  await assertAccessible(page, 'a failed reply');
  await mend();
  await failed.getByTestId('retry').click();
  await inState(page, 'please', 'sent').waitFor();
  await page.getByTestId('view-failed').getByText('0', { exact: true }).waitFor();
  await page.getByTestId('view-requests').getByText('0', { exact: true }).waitFor();
});

test('a lost answer is unconfirmed, never sent twice, and told by the echo', async (t) => {
  const { simulator, gateway, page } = await talking(t, 'hello');
  // The message arrives, its answer and its echo don't: only TikTok's list knows.
  await simulator.post('/sim/faults', { endpoint: 'webhook', kind: 'late_echo', value: 600_000, times: 1 });
  await sendsGoWrong(simulator, { kind: 'reset_after' });
  await reply(page, 'did it arrive?');
  await inState(page, 'did it arrive?', 'sent').waitFor();
  const [{ providerConversationId: id }] = (await gateway.json('/api/v1/conversations')).items;
  const { messages } = await simulator.get(`/sim/conversations/${encodeURIComponent(id)}`);
  assert.equal(messages.filter((message) => JSON.stringify(message).includes('did it arrive?')).length, 1);
  assert.equal(await bubble(page, 'did it arrive?').count(), 1);
});

test('a reply that never arrived is unconfirmed at first; a person may send it again', async (t) => {
  const { simulator, page } = await talking(t, 'hello');
  const mend = await sendsGoWrong(simulator, { kind: 'reset_before' });
  await reply(page, 'lost on the way');
  const unconfirmed = inState(page, 'lost on the way', 'unconfirmed');
  await unconfirmed.waitFor();
  await keep(page, 'unconfirmed');
  await assertAccessible(page, 'an unconfirmed reply');
  await mend();
  await unconfirmed.getByTestId('send-anyway').click();
  await inState(page, 'lost on the way', 'sent').waitFor();
});

test('two accounts side by side, and a window that was closed long ago', async (t) => {
  const { gateway, simulator, cookie, page } = await talking(t, 'to the first shop');
  const second = await connectAccount(gateway, simulator, cookie, 'krok.coffee');
  await simulator.post('/sim/customers', { username: 'art.s', display_name: 'Art' });
  await simulator.post('/sim/messages', { customer: 'art.s', business: 'krok.coffee', type: 'text', text: 'three days ago', at: Date.now() - 72 * 3_600_000 });
  const row = page.getByTestId('conversation-row').filter({ hasText: 'three days ago' });
  await until('the row is there', async () => {
    if (await page.getByTestId('new-pill').isVisible()) await page.getByTestId('new-pill').click();
    return row.isVisible();
  });
  await row.click();
  await page.getByTestId('composer-locked').waitFor();
  await keep(page, 'closed');
  await assertAccessible(page, 'a locked composer');
  await simulator.post('/sim/messages', { customer: 'art.s', business: 'krok.coffee', type: 'text', text: 'here again' });
  await page.getByTestId('composer-text').waitFor();
  assert.equal((await gateway.json('/api/accounts')).length, 2);
  assert.ok(second.id);
});

test('every page, light and dark, wide and phone: axe finds nothing and nothing sticks out', async (t) => {
  const { gateway, cookie, browser } = await talking(t, 'สวัสดีค่ะ', 'Hello');
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(sizes)) {
      const page = await openPage(t, browser, { colorScheme, viewport });
      await page.goto(`${gateway.url}/login`);
      await page.getByTestId('login-form').waitFor();
      await look(page, `login ${size} ${colorScheme}`);
      await useCookie(page, gateway.url, cookie);
      for (const [path, ready] of [
        ['/', 'conversation-row'],
        ['/accounts', 'account-row'],
        ['/settings/api-keys', 'api-key-form'],
      ]) {
        await page.goto(gateway.url + path);
        await page.getByTestId(ready).first().waitFor();
        await look(page, `${path} ${size} ${colorScheme}`);
      }
      await page.goto(gateway.url);
      await page.getByTestId('conversation-row').first().click();
      await page.getByTestId('composer').waitFor();
      await look(page, `conversation ${size} ${colorScheme}`);
      assert.deepEqual(page.complaints.filter((text) => !text.includes('401')), [], `${size} ${colorScheme}`);
    }
  }
});

async function look(page, where) {
  await keep(page, where);
  await assertNoSidewaysScroll(page, where);
  await assertAccessible(page, where);
}
