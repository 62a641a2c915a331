// Automatic messages from the dashboard: written, reviewed by TikTok before the eyes of whoever looks, ordered, switched, and
// what TikTok refuses is said in its words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

async function world(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  return { simulator, gateway, cookie, browser: await openBrowser(t) };
}

async function open(t, { gateway, cookie, browser }, options) {
  const page = await openPage(t, browser, options);
  await useCookie(page, gateway.url, cookie);
  await page.goto(`${gateway.url}/automation`);
  return page;
}

async function look(page, where) {
  await keep(page, where);
  await assertNoSidewaysScroll(page, where);
  await assertAccessible(page, where);
}

const kind = (page, name) => page.locator(`[data-testid=automation-kind][data-kind=${name}]`);
const message = (page, review, text) => page.locator(`[data-testid=auto-message][data-review=${review}]`).filter({ hasText: text });
const settings = (simulator, business, change) => simulator.post('/sim/settings', { business, ...change });
const review = async (simulator, approve) => {
  const { businesses } = await simulator.get('/sim/state');
  const waits = businesses.flatMap((one) => one.auto_messages).find((one) => one.audit_status === 'REVIEWING');
  await simulator.post(`/sim/auto-messages/${waits.auto_message_id}/review`, { approve });
};

async function write(page, name, texts) {
  await page.getByTestId(`add-${name}`).click();
  for (const [field, text] of Object.entries(texts)) await page.getByTestId(`auto-${field}`).fill(text);
  await page.getByTestId('save-message').click();
  await page.getByTestId('edit-dialog').waitFor({ state: 'detached' });
}

test('without an account the page says what to do', async (t) => {
  const page = await open(t, await world(t));
  await page.getByTestId('automation-no-account').waitFor();
  await look(page, 'automation no account');
  assert.deepEqual(page.complaints, []);
});

test('a welcome message is written, rejected, edited and approved while the page is open', async (t) => {
  const it = await world(t);
  const { username } = await connectAccount(it.gateway, it.simulator, it.cookie);
  await settings(it.simulator, username, { review: 'manual' });
  const page = await open(t, it);
  await kind(page, 'welcome').getByTestId('kind-empty').waitFor();
  await page.getByTestId('history-empty').waitFor();
  await look(page, 'automation empty');

  await page.getByTestId('add-welcome').click();
  await page.getByTestId('auto-content').fill('ก'.repeat(251));
  await page.getByTestId('count-content').filter({ hasText: '251 of 250' }).waitFor();
  await page.getByTestId('save-message').click();
  assert.ok(await page.getByTestId('edit-dialog').isVisible(), 'too long is not sent');
  await page.getByTestId('auto-content').fill('ยินดีต้อนรับค่ะ ☕ ตอบทุกวัน 8.00–18.00');
  await page.getByTestId('phone-preview').filter({ hasText: 'ยินดีต้อนรับค่ะ' }).waitFor();
  await look(page, 'automation dialog');
  await page.getByTestId('save-message').click();
  await message(page, 'reviewing', 'ยินดีต้อนรับค่ะ').waitFor();
  assert.ok(await page.getByTestId('edit-message').isDisabled(), 'not to be edited meanwhile');
  assert.equal(await page.getByTestId('delete-message').count(), 0, 'a welcome message is only switched off');

  await review(it.simulator, false);
  await message(page, 'rejected', 'ยินดีต้อนรับค่ะ').waitFor();
  await page.getByTestId('edit-message').click();
  await page.getByTestId('auto-content').fill('สวัสดีค่ะ');
  await page.getByTestId('save-message').click();
  await message(page, 'reviewing', 'สวัสดีค่ะ').waitFor();
  await review(it.simulator, true);
  await message(page, 'approved', 'สวัสดีค่ะ').waitFor();
  await page.getByTestId('kind-off').waitFor();
  await page.getByTestId('switch-welcome').click();
  await page.locator('[data-kind=welcome][data-enabled=true]').waitFor();
  for (const change of ['created', 'rejected', 'deleted', 'approved', 'enabled']) {
    await page.locator(`[data-testid=history-entry][data-change=${change}]`).first().waitFor();
  }
  assert.deepEqual(page.complaints, []);
});

test('prompts are ordered by keyboard and deleted; a duplicate and comments elsewhere are refused in TikTok’s words', async (t) => {
  const it = await world(t);
  const { username } = await connectAccount(it.gateway, it.simulator, it.cookie);
  await settings(it.simulator, username, { region: 'JP' });
  const page = await open(t, it);
  for (const title of ['เมนูวันนี้', 'ราคา', 'ที่ตั้งร้าน']) await write(page, 'chat_prompt', { title, content: `ขอดู${title}ค่ะ` });
  const order = async () => (await kind(page, 'chat_prompt').getByTestId('auto-message').locator('p.font-medium').allInnerTexts()).join();
  await until('all three stand there', async () => (await order()) === 'เมนูวันนี้,ราคา,ที่ตั้งร้าน');
  const up = kind(page, 'chat_prompt').getByTestId('auto-message').nth(2).getByTestId('move-up');
  await up.focus();
  await page.keyboard.press('Enter');
  await until('the third went up', async () => (await order()) === 'เมนูวันนี้,ที่ตั้งร้าน,ราคา');
  await page.getByText('ที่ตั้งร้าน is now 2 of 3').waitFor();
  await page.keyboard.press('Enter');
  await until('it went on to the top', async () => (await order()) === 'ที่ตั้งร้าน,เมนูวันนี้,ราคา');

  await page.getByTestId('add-chat_prompt').click();
  await page.getByTestId('auto-title').fill('ราคา');
  await page.getByTestId('auto-content').fill('ขอดูราคาค่ะ');
  await page.getByTestId('save-message').click();
  await page.getByTestId('auto-refused').filter({ hasText: 'The automatic message already exists.' }).filter({ hasText: '40002' }).waitFor();
  await look(page, 'automation refused');
  await page.keyboard.press('Escape');

  await kind(page, 'chat_prompt').getByTestId('delete-message').first().click();
  await look(page, 'automation delete');
  await page.getByTestId('confirm-delete').click();
  await until('the first is gone', async () => (await order()) === 'เมนูวันนี้,ราคา');

  await page.getByTestId('switch-comments').click();
  await page.getByTestId('comments-unavailable').filter({ hasText: '40001' }).waitFor();
  assert.equal(await page.getByTestId('automation-comments').getAttribute('data-enabled'), 'false');
  // The browser names every refused request; nothing else is complained about.
  assert.deepEqual(page.complaints.filter((one) => !one.includes('status of 409')), []);
});

test('light and dark, wide, laptop and phone, English and Thai: axe finds nothing and nothing sticks out', async (t) => {
  const it = await world(t);
  const { username } = await connectAccount(it.gateway, it.simulator, it.cookie);
  const set = (made) => it.simulator.post('/sim/auto-messages', { business: username, ...made });
  await settings(it.simulator, username, { review: 'manual' });
  await set({ auto_message_type: 'WELCOME_MESSAGE', welcome_message: { content: 'ยินดีต้อนรับสู่บ้านกาแฟค่ะ ☕ เปิดทุกวัน 8.00–18.00 น้องมะลิจะรีบตอบนะคะ' }, approved: true });
  await set({ auto_message_type: 'SUGGESTED_QUESTION', suggested_question: { question: 'ร้านเปิดกี่โมงคะ', answer: 'เปิด 8.00 ถึง 18.00 ทุกวันค่ะ ปิดเฉพาะวันสงกรานต์' }, approved: true });
  await set({ auto_message_type: 'SUGGESTED_QUESTION', suggested_question: { question: 'Do you deliver?', answer: 'Yes, within five kilometres, from 200 baht.' } });
  await review(it.simulator, false);
  await set({ auto_message_type: 'CHAT_PROMPT', chat_prompt: { title: 'เมนูวันนี้', content: 'ขอดูเมนูวันนี้ค่ะ' }, approved: true });
  await set({ auto_message_type: 'CHAT_PROMPT', chat_prompt: { title: 'Where is my order', content: 'Hello, where is my order?' } });
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(sizes)) {
      const where = `automation ${size} ${colorScheme}`;
      const page = await open(t, it, { colorScheme, viewport, locale: size === 'laptop' ? 'th-TH' : 'en-GB' });
      await message(page, 'reviewing', 'Where is my order').waitFor();
      await page.getByTestId('history-entry').first().waitFor();
      await look(page, where);
      await page.getByTestId('automation-history').scrollIntoViewIfNeeded();
      await keep(page, `${where} end`);
      await page.getByTestId('add-suggested_question').click();
      await page.getByTestId('auto-question').fill('ส่งถึงไหนบ้างคะ');
      await look(page, `${where} dialog`);
      assert.deepEqual(page.complaints, [], where);
    }
  }
});
