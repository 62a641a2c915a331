// The simulator's console: a phone to write with, for whoever tries the gateway on their own machine.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { freePort, run, scratch } from '../lib/process.mjs';
import { until } from '../lib/until.mjs';

const customer = 'nong.mali.demo';

async function world(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie);
  await simulator.post('/sim/customers', { username: customer, display_name: 'น้องมะลิ 🌼' });
  return { simulator, gateway, cookie, browser: await openBrowser(t) };
}

/** Ready to write: the only customer is the one on the phone. */
const ready = (phone) => phone.locator(`[data-testid="person-${customer}"][aria-current=true]`).waitFor({ state: 'attached' });

test('what is written on the phone stands in the dashboard', async (t) => {
  const { simulator, gateway, cookie, browser } = await world(t);
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  await page.getByTestId('empty-no-chat').waitFor();
  const phone = await openPage(t, browser, { viewport: sizes.phone });
  await phone.goto(simulator.url);
  await ready(phone);
  await phone.getByTestId('write-text').fill('มีนมโอ๊ตไหมคะ');
  await phone.getByTestId('write-send').click();
  const row = page.getByTestId('conversation-row').filter({ hasText: 'มีนมโอ๊ตไหมคะ' });
  await row.waitFor();
  assert.equal(await row.getAttribute('data-unread'), '1');
  assert.deepEqual([...page.complaints, ...phone.complaints], []);
});

test('the console in light and dark, wide and on a phone: axe finds nothing and nothing sticks out', async (t) => {
  const { simulator, browser } = await world(t);
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of [['wide', sizes.wide], ['phone', sizes.phone]]) {
      const where = `console ${size} ${colorScheme}`;
      const page = await openPage(t, browser, { colorScheme, viewport });
      await page.goto(simulator.url);
      await ready(page);
      await page.getByTestId('write-text').fill(where);
      await page.getByTestId('write-send').click();
      await page.getByTestId('message').filter({ hasText: where }).waitFor();
      await keep(page, where);
      await assertNoSidewaysScroll(page, where);
      await assertAccessible(page, where);
      assert.deepEqual(page.complaints, [], where);
    }
  }
});

test("an account's settings: a prompt is reviewed, tapped and heard of; the rules are shown", async (t) => {
  const { simulator, browser } = await world(t);
  const page = await openPage(t, browser);
  await page.goto(simulator.url);
  await ready(page);
  await page.getByTestId('set-review').selectOption('manual');
  await page.getByTestId('new-auto').click();
  await page.getByTestId('auto-kind').selectOption('CHAT_PROMPT');
  await page.getByTestId('auto-first-text').fill('เมนู');
  await page.getByTestId('auto-second-text').fill('มีอะไรแนะนำบ้างคะ');
  await page.getByTestId('auto-create').click();
  const prompt = page.getByTestId('auto-message');
  await prompt.and(page.locator('[data-status=REVIEWING]')).waitFor();
  assert.equal(await page.getByTestId('chip').count(), 0, 'nobody sees it yet');
  await page.getByTestId('approve-auto').click();
  await page.getByTestId('chip').click();
  await page.getByTestId('message').filter({ hasText: 'มีอะไรแนะนำบ้างคะ' }).waitFor();
  await page.getByTestId('hook').and(page.locator('[data-event=im_auto_message_audit_update]')).waitFor();

  await page.getByTestId('app-text').fill('ลาเต้ค่ะ');
  await page.getByTestId('app-send').click();
  await page.getByTestId('write-text').fill('ขอบคุณค่ะ');
  await page.getByTestId('write-send').click();
  await page.getByTestId('message').filter({ hasText: 'ขอบคุณค่ะ' }).waitFor();
  await page.getByTestId('ledger-quota').filter({ hasText: '10 of 10' }).waitFor();
  await page.getByTestId('set-rules').selectOption('guide');
  await page.getByTestId('ledger-quota').filter({ hasText: 'no limit' }).waitFor();
  await page.getByTestId('set-comment-to-message').click();
  await page.getByTestId('act-comment').click();
  await page.getByTestId('comment-text').fill('ราคาเท่าไหร่คะ');
  await page.getByTestId('comment-send').click();
  await page.getByTestId('hook').and(page.locator('[data-event=im_receive_high_intent_comment]')).waitFor();
  await keep(page, 'console settings');
  await assertAccessible(page, 'console settings');
  assert.deepEqual(page.complaints, []);
});

test("Respond.io's settings: a workspace, its token, its channels", async (t) => {
  const { simulator, browser } = await world(t);
  const page = await openPage(t, browser);
  await page.goto(simulator.url);
  await ready(page);
  await page.getByTestId('new-space').click();
  const space = page.getByTestId('respondio-workspace');
  await space.getByTestId('connect-channel').selectOption({ index: 1 });
  const channel = space.getByTestId('respondio-channel');
  await channel.waitFor();
  const called = async (token) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${simulator.url}/respondio/v2/space/channel`, { headers });
    return [answer.status, (await answer.json()).items?.length];
  };
  const field = space.getByTestId('respondio-token');
  const token = await field.inputValue();
  assert.deepEqual(await called(token), [200, 1]);
  await space.getByTestId('replace-token').click();
  await until('a new token stands there', async () => (await field.inputValue()) !== token);
  assert.equal((await called(token))[0], 401, 'the one before ended');
  await keep(page, 'console respondio');
  await assertAccessible(page, 'console respondio');
  await channel.getByTestId('remove-channel').click();
  await channel.waitFor({ state: 'detached' });
  assert.deepEqual(page.complaints, []);
});

test('a scenario is a text file: the command ends with 0 when it goes as it says, with 1 and the line when not', async (t) => {
  const dir = await scratch(t);
  const file = join(dir, 'story.toml');
  const play = async (left) => {
    const pair = 'business = "baan.kafe", customer = "mali"';
    await writeFile(file, [
      'businesses = [{ username = "baan.kafe" }]', 'customers = [{ username = "mali" }]', 'steps = [',
      `  { ${pair}, writes = "hi" },`, `  { wait = "1h", ${pair}, expect = { nothing = true, quota_left = ${left} } },`, '  { end = true },', ']',
    ].join('\n'));
    return run(['simulator', '--port', String(await freePort()), '--scenario', file], {}, dir);
  };
  assert.equal((await play(10)).code, 0);
  const failed = await play(9);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /line 5: expected 9 messages left, but it is 10/);
  assert.equal((await run(['simulator', '--scenario', join(dir, 'nowhere.toml')], {}, dir)).code, 2);
});
