// Every page in Thai on a phone: nothing sticks out sideways, and no English sentence is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, keep, openBrowser, openPage, sizes, useCookie } from '../lib/browser.mjs';
import { app, connectAccount, connectIdentity, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

const shop = 'baan.kafe.demo';
const customer = 'nong.mali.demo';
const longName = 'ร้านขายผ้าไหมและผ้าฝ้ายทอมือย้อมสีธรรมชาติจากดอยแม่สลองและหมู่บ้านใกล้เคียง';

test('every page is in Thai and fits a phone', async (t) => {
  const world = await open(t);
  const { page } = world;
  const visit = async (path, testid) => {
    await page.goto(world.gateway.url + path);
    await page.getByTestId(testid).first().waitFor();
    await look(page, path);
  };
  await visit('/', 'conversation-row');
  await visit(`/?c=${world.conversation}`, 'message');
  await visit('/accounts', 'account-row');
  await page.locator(`[data-account-id="${world.refused}"]`).getByTestId('state-reason').filter({ hasText: 'เจ้าของบัญชียกเลิกการเชื่อมต่อแอปใน TikTok' }).waitFor();
  await visit('/accounts/respondio', 'space');
  await refuseTheToken(world);
  await look(page, 'a token that is refused');
  await visit('/comments', 'comment');
  await page.getByTestId('answer-comment').click();
  await look(page, 'answering a comment');
  await visit('/automation', 'automation-kind');
  await visit('/reports', 'offer-direct');
  await page.getByTestId('offer-direct').getByText('ราคา ณ ก.พ. 2569').waitFor();
  await visit('/settings/api-keys', 'tabs');
  assert.deepEqual(page.complaints.filter((words) => !words.includes('status of 4')), []);
});

/** A shop with everything: a conversation, a comment, an identity beside it, one account that TikTok no longer lets in, one of Respond.io. */
async function open(t) {
  const simulator = await startSimulator(t);
  const env = { RESPONDIO_API_URL: `${simulator.url}/respondio/v2`, TIKTOK_CLIENT_KEY: 'awsimulatorweb42', TIKTOK_CLIENT_SECRET: app.secret, TIKTOK_OPEN_API_URL: `${simulator.url}/v2` };
  const gateway = await startGateway(t, simulator, { env });
  const cookie = await signIn(gateway);
  await connectAccount(gateway, simulator, cookie, shop);
  await connectIdentity(gateway, simulator, cookie, shop);
  const { id: refused } = await connectAccount(gateway, simulator, cookie, 'pa.daeng.demo');
  await simulator.post('/sim/revoke', { business: 'pa.daeng.demo', notify: true });
  await simulator.post('/sim/settings', { business: shop, comment_to_message: true });
  await simulator.post('/sim/customers', { username: customer, display_name: longName });
  await simulator.post('/sim/messages', { customer, business: shop, type: 'text', text: 'ญี่ปุ่นกี่วันถึงคะ' });
  await simulator.post('/sim/comments', { customer, business: shop, text: 'ราคาเท่าไหร่คะ' });
  await simulator.post('/sim/businesses', { username: 'sailom.swim', display_name: longName });
  const workspace = await simulator.post('/sim/respondio/workspaces', {});
  await simulator.post(`/sim/respondio/workspaces/${workspace.id}/channels`, { business: 'sailom.swim', name: longName });
  await gateway.json('/api/v1/respondio/spaces', { method: 'POST', body: JSON.stringify({ token: workspace.tokens[0] }) });
  const first = async () => (await gateway.json('/api/v1/conversations')).items[0];
  const { id: conversation } = await until('the conversation', first);
  const page = await openPage(t, await openBrowser(t), { locale: 'th-TH', viewport: sizes.phone });
  await useCookie(page, gateway.url, cookie);
  return { simulator, gateway, workspace, refused, conversation, page };
}

/** Its owner made a new one in Respond.io; the page finds out by connecting the channel. */
async function refuseTheToken({ simulator, workspace, page }) {
  await simulator.post(`/sim/respondio/workspaces/${workspace.id}/tokens`, { revoke_others: true });
  await page.getByTestId('connect-channel').click();
  await page.getByTestId('toasts').getByText('Respond.io ไม่รับ access token นี้').waitFor();
}

async function look(page, where) {
  await keep(page, `thai ${where}`);
  await assertNoSidewaysScroll(page, where);
  const over = await page.evaluate(() => Math.max(...[...document.querySelectorAll('main')].map((main) => main.scrollWidth - main.clientWidth)));
  assert.ok(over <= 0, `the page within ${where} is ${over} px too wide`);
  await assertAccessible(page, where);
  assert.deepEqual(await englishOn(page), [], `English on ${where}`);
}

/** What reads as an English sentence: four words in a row, in no element that is said to be English. Names and what stands on buttons elsewhere
 * are shorter. */
const englishOn = (page) =>
  page.evaluate(() => {
    const found = new Set();
    const judge = (element, text) => {
      if (/[A-Za-z]{2,}[,;:]? [a-z]{2,}[,;:]? [a-z]{2,}[,;:]? [A-Za-z]{2,}/.test(text ?? '') && !element.closest('[lang=en], code, script, style')) found.add(text.trim());
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) judge(walker.currentNode.parentElement, walker.currentNode.data);
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) for (const element of document.querySelectorAll(`[${name}]`)) judge(element, element.getAttribute(name));
    return [...found];
  });
