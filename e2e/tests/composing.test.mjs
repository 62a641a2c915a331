// What a reply holds besides words, and what the customer sees of it: quotes, cards, posts, typing, seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agree, assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';

const shop = 'baan.kafe.demo';
const customer = 'nong.mali.demo';
const question = 'ให้ช่วยเรื่องไหนดีคะ?';

const bubble = (page, text) => page.getByTestId('message').filter({ hasText: text });

test('quote, type, send a card, share a post: the customer sees each', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  const browser = await openBrowser(t);
  await simulator.post('/sim/customers', { username: customer, display_name: 'น้องมะลิ 🌼' });
  await connectAccount(gateway, simulator, cookie, shop);
  const says = (text, extra = {}) => simulator.post('/sim/messages', { customer, business: shop, type: 'text', text, ...extra });
  await says('ร้านเปิดกี่โมงคะ');
  await says('', { type: 'sticker' });
  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').first().click();
  await bubble(page, 'ร้านเปิดกี่โมงคะ').waitFor();
  const phone = await openPage(t, browser);
  await phone.goto(simulator.url);
  await phone.getByTestId(`person-${customer}`).click();

  // Opened means seen, on the customer's phone too.
  await phone.getByTestId('under').filter({ hasText: 'Seen' }).waitFor();

  // A sticker can't be quoted, and says so; a text can, by click and by key, and can be let go.
  const sticker = page.getByTestId('message').filter({ has: page.getByTestId('sticker') });
  await sticker.hover();
  assert.equal(await sticker.getByTestId('quote-message').getAttribute('aria-disabled'), 'true');
  await bubble(page, 'ร้านเปิดกี่โมงคะ').hover();
  await bubble(page, 'ร้านเปิดกี่โมงคะ').getByTestId('quote-message').click();
  await page.getByTestId('quote-line').filter({ hasText: 'ร้านเปิดกี่โมงคะ' }).waitFor();
  await page.getByTestId('remove-quote').click();
  await page.getByTestId('quote-line').waitFor({ state: 'detached' });
  await page.getByTestId('thread').focus();
  await page.keyboard.press('q');
  await page.getByTestId('quote-line').waitFor();
  await assertAccessible(page, 'a quote being written');

  // The phone shows that somebody types, and then what was typed, with the quote.
  await page.getByTestId('composer-text').pressSequentially('เปิด 8 โมงเช้าค่ะ', { delay: 30 });
  for (let more = 0; (await phone.getByTestId('typing').count()) === 0 && more < 40; more += 1) {
    await page.getByTestId('composer-text').pressSequentially('า', { delay: 300 });
  }
  await phone.getByTestId('typing').waitFor();
  await keep(page, 'quoting');
  await page.getByTestId('send').click();
  await bubble(page, 'เปิด 8 โมงเช้าค่ะ').getByTestId('quote').waitFor();
  await phone.getByTestId('message').filter({ hasText: 'เปิด 8 โมงเช้าค่ะ' }).waitFor();

  // A card, and the tap that comes back.
  await page.getByTestId('more-menu').click();
  await page.getByTestId('more-card').click();
  await page.getByTestId('card-send').click();
  await page.getByTestId('card-wrong').waitFor();
  await page.getByTestId('card-title').fill(question);
  await page.getByTestId('card-button-0').fill('จองโต๊ะ');
  await page.getByTestId('card-id-0').fill('opt_book_table');
  await page.getByTestId('card-add').click();
  await page.getByTestId('card-button-1').fill('ดูเมนู');
  await page.getByTestId('card-preview').filter({ hasText: 'ดูเมนู' }).waitFor();
  await assertAccessible(page, 'a card being written');
  await keep(page, 'card');
  await page.getByTestId('card-send').click();
  await page.locator('[data-testid=message][data-status=sent]').filter({ has: page.getByTestId('template') }).waitFor();
  await phone.getByTestId('card-button').filter({ hasText: 'จองโต๊ะ' }).click();
  await page.getByTestId('answered-card').filter({ hasText: question }).waitFor();

  // A post: first without the permission, then with it.
  await page.getByTestId('more-menu').click();
  await page.getByTestId('more-post').click();
  await page.getByTestId('posts-missing-scope').waitFor();
  await page.getByTestId('posts-missing-scope').getByRole('link').click();
  await agree(page, shop);
  await page.getByTestId('connected').waitFor();
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').first().click();
  await page.getByTestId('more-menu').click();
  await page.getByTestId('more-post').click();
  await page.getByTestId('post').nth(1).click();
  await assertAccessible(page, 'the choice of a post');
  await keep(page, 'posts');
  await page.getByTestId('post-send').click();
  await page.locator('[data-testid=message][data-status=sent]').filter({ has: page.getByTestId('shared-post') }).waitFor();
  await phone.locator('[data-testid=message][data-from=business][data-type=share_post]').waitFor();
  assert.equal(await page.getByTestId('message').filter({ has: page.getByTestId('shared-post') }).count(), 1, 'the echo is no second message');

  await page.setViewportSize(sizes.phone);
  await page.getByTestId('more-menu').click();
  await page.getByTestId('more-card').click();
  await page.getByTestId('card-title').fill(question);
  await assertNoSidewaysScroll(page);
  await assertAccessible(page, 'a card on a phone');
  await keep(page, 'card-phone');
  assert.deepEqual(page.complaints.filter((words) => !words.includes('409')), [], 'only the missing permission');
});
