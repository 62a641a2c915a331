// Whatever TikTok does to a reply, the dashboard shows it as what it is: waiting with the reason, failed with the cause, unconfirmed;
// never a spinner for ever, never a false "sent".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

const shop = 'baan.kafe.demo';

test('every fault is shown as what it is', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie, shop);
  const browser = await openBrowser(t);

  // A conversation of its own for each fault: what is in doubt holds up those behind it.
  const faults = [
    { name: 'limit', fault: { kind: 'rate_limit' }, state: 'queued', words: /Not sent yet.*call limit/s },
    { name: 'busy', fault: { kind: 'http_status', value: 429 }, state: 'queued', words: /Not sent yet.*call limit/s },
    { name: 'rules', fault: { kind: 'code', value: 40064 }, once: true, state: 'failed', words: /Not sent.*40064/s, button: 'send-anyway' },
    { name: 'refused', fault: { kind: 'code', value: 40002 }, once: true, state: 'failed', words: /Not sent.*40002/s, button: 'retry' },
    { name: 'server error', fault: { kind: 'http_status', value: 500 }, once: true, state: 'unconfirmed', words: /Unconfirmed.*may or may not/s, button: 'check' },
    { name: 'broken off', fault: { kind: 'reset_before' }, once: true, state: 'unconfirmed', words: /Unconfirmed.*may or may not/s, button: 'check' },
    { name: 'silence', fault: { kind: 'lose_answer' }, once: true, state: 'sending', words: /Sending/ }
  ];
  for (const [n, { name }] of faults.entries()) {
    await simulator.post('/sim/customers', { username: `customer.${n}`, display_name: name });
    await simulator.post('/sim/messages', { customer: `customer.${n}`, business: shop, type: 'text', text: `about ${name}` });
  }
  await until('everybody is here', async () => (await gateway.json('/api/v1/conversations')).items.length === faults.length);

  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  for (const { name, fault, once, state, words, button } of faults) {
    // It strikes until it is taken away: "seen" and "typing" go to the same address, and would use up one that strikes once.
    const { id } = await simulator.post('/sim/faults', { endpoint: 'message/send', ...fault });
    // Its echo would tell at once what became of it.
    const silent = await simulator.post('/sim/faults', { endpoint: 'webhook/im_send_msg', kind: 'drop' });
    await page.getByTestId('conversation-row').filter({ hasText: `about ${name}` }).click();
    await page.getByTestId('message').filter({ hasText: `about ${name}` }).waitFor();
    await page.getByTestId('composer-text').fill(`answer: ${name}`);
    await page.getByTestId('send').click();
    const shown = page.locator(`[data-testid=message][data-status=${state}]`).filter({ hasText: `answer: ${name}` });
    await shown.filter({ hasText: words }).waitFor();
    if (button) await shown.getByTestId(button).waitFor();
    await assertAccessible(page, name);
    await keep(page, `fault ${name}`);
    await simulator.remove(`/sim/faults/${id}`);
    if (!once) {
      await page.locator('[data-testid=message][data-status=sent]').filter({ hasText: `answer: ${name}` }).waitFor({ timeout: 60_000 });
    }
    await simulator.remove(`/sim/faults/${silent.id}`);
  }
  await page.setViewportSize(sizes.phone);
  await assertNoSidewaysScroll(page, 'a reply in doubt on a phone');
});

test('what is automatic waits for the customer; a person may send it now, or write against the rules', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie, shop);
  const browser = await openBrowser(t);
  const says = (text) => simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: shop, type: 'text', text });
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'Mali' });
  await says('hello');
  const conversation = await until('the conversation', async () => (await gateway.json('/api/v1/conversations')).items[0]);
  for (let n = 1; n <= 7; n += 1) await simulator.post('/sim/app-replies', { business: shop, customer: 'nong.mali.demo', type: 'text', text: `from the app ${n}` });
  const left = async () => (await gateway.json(`/api/v1/conversations/${conversation.id}`)).window.quotaLeft;
  await until('three are left', async () => (await left()) === 3);
  const post = (body) => gateway.json(`/api/v1/conversations/${conversation.id}/messages`, { method: 'POST', body: JSON.stringify(body) });
  for (const body of ['opening hours', 'parking']) await post({ content: { type: 'text', body }, priority: 'low' });

  const page = await openPage(t, browser);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').first().click();
  const held = (text) => page.locator('[data-testid=message][data-status=queued]').filter({ hasText: text });
  await held('parking').filter({ hasText: /Held.*kept for people/s }).waitFor();
  await assertAccessible(page, 'a held reply');
  await keep(page, 'held');
  await held('opening hours').getByTestId('send-now').click();
  const sent = (text) => page.locator('[data-testid=message][data-status=sent]').filter({ hasText: text });
  await sent('opening hours').waitFor();
  await says('thanks');
  await sent('parking').waitFor();

  // Ten are used: the composer is locked, and a person may write all the same.
  for (let n = 1; n <= 10; n += 1) await simulator.post('/sim/app-replies', { business: shop, customer: 'nong.mali.demo', type: 'text', text: `again ${n}` }).catch(() => {});
  await page.getByTestId('write-anyway').click();
  await page.getByTestId('strip-anyway').waitFor();
  await assertAccessible(page, 'writing against the rules');
  await keep(page, 'write anyway');
  await page.getByTestId('composer-text').fill('one more');
  await page.getByTestId('send').click();
  const refused = page.locator('[data-testid=message][data-status=failed]').filter({ hasText: 'one more' });
  await refused.filter({ hasText: '40064' }).waitFor();
  assert.equal(await page.locator('[data-testid=message]').filter({ hasText: 'one more' }).count(), 1);
});
