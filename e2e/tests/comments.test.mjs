// Comments that TikTok flags: they stand on their page by themselves, are answered by one message, and every end is shown as what
// it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';

async function world(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  const { username } = await connectAccount(gateway, simulator, cookie);
  await simulator.post('/sim/settings', { business: username, comment_to_message: true });
  const customer = (name, display, more = {}) => simulator.post('/sim/customers', { username: name, display_name: display, ...more });
  await customer('nong.mali.demo', 'น้องมะลิ 🌼');
  await customer('joe.us', 'Joe', { region: 'US' });
  await customer('som.o', 'ส้มโอ');
  const comment = (who, text) => simulator.post('/sim/comments', { customer: who, business: username, text });
  return { simulator, gateway, cookie, comment, browser: await openBrowser(t) };
}

async function open(t, { gateway, cookie, browser }, path = '/comments', options = {}) {
  const page = await openPage(t, browser, options);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url + path);
  return page;
}

async function look(page, where) {
  await keep(page, where);
  await assertNoSidewaysScroll(page, where);
  await assertAccessible(page, where);
}

const item = (page, text) => page.getByTestId('comment').filter({ hasText: text });
const standing = (page, state) => page.locator(`[data-testid=comment][data-state=${state}]`);

test('a flagged comment appears by itself and is answered once', async (t) => {
  const it = await world(t);
  const page = await open(t, it);
  await page.getByTestId('comments-empty').waitFor();
  await look(page, 'comments empty');
  await it.comment('nong.mali.demo', 'ราคาเท่าไหร่คะ สนใจมาก 😍');
  const comment = item(page, 'ราคาเท่าไหร่คะ');
  await comment.waitFor();
  await page.getByTestId('nav-comments').filter({ hasText: '1' }).waitFor();
  await comment.getByTestId('answer-comment').click();
  await look(page, 'comments form');
  await page.getByTestId('answer-text').fill('ทักแชทมาได้เลยค่ะ มีโปรอยู่พอดี');
  await page.getByTestId('send-answer').click();
  await page.getByTestId('comments-empty').waitFor();
  await page.getByTestId('comments-view-all').click();
  await standing(page, 'answered').getByTestId('to-conversation').waitFor();
  await look(page, 'comments answered');
  await page.getByTestId('to-conversation').click();
  await page.getByTestId('comment-quote').filter({ hasText: 'ราคาเท่าไหร่คะ' }).waitFor();
  assert.equal(await page.getByTestId('message').count(), 1);
  await page.getByTestId('source').filter({ hasText: 'Ploy' }).waitFor();
  await page.locator('[data-testid=composer-locked][data-mode=none]').waitFor();
  await look(page, 'comments thread');
  assert.deepEqual(page.complaints, []);
});

test('refused, unconfirmed and over are shown as what they are', async (t) => {
  const it = await world(t);
  for (const [name, text] of [['joe.us', 'How much?'], ['som.o', 'ยังมีไหมคะ'], ['nong.mali.demo', 'ส่งต่างจังหวัดไหมคะ']]) await it.comment(name, text);
  const page = await open(t, it);
  const answer = async (text) => {
    await item(page, text).getByTestId('answer-comment').click();
    await page.getByTestId('answer-text').fill('ทักแชทมาได้เลยค่ะ');
    await page.getByTestId('send-answer').click();
  };
  await answer('How much?');
  await standing(page, 'failed').getByTestId('cause').filter({ hasText: '40064' }).waitFor();
  await it.simulator.post('/sim/faults', { endpoint: 'message/send', kind: 'reset_after', times: 1 });
  await it.simulator.post('/sim/faults', { endpoint: 'webhook', kind: 'drop' });
  await answer('ยังมีไหมคะ');
  await standing(page, 'unconfirmed').getByTestId('send-again').waitFor();
  await look(page, 'comments ends');
  await standing(page, 'unconfirmed').getByTestId('send-again').click();
  await standing(page, 'unconfirmed').getByTestId('cause').filter({ hasText: '40064' }).waitFor();

  for (const [where, options] of [['comments phone', { viewport: sizes.phone }], ['comments phone dark thai', { viewport: sizes.phone, colorScheme: 'dark', locale: 'th-TH' }], ['comments dark', { colorScheme: 'dark' }]]) {
    const other = await open(t, it, '/comments', options);
    await item(other, 'ส่งต่างจังหวัดไหมคะ').waitFor();
    await look(other, where);
    if (options.viewport) {
      await item(other, 'ส่งต่างจังหวัดไหมคะ').getByTestId('answer-comment').click();
      await look(other, `${where} form`);
    }
    assert.deepEqual(other.complaints, []);
  }
  assert.deepEqual(page.complaints, []);
});
