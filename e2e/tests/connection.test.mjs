// The connection breaks under an open dashboard and comes back: the page says so, recovers by itself and misses nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, keep, openBrowser, openPage, useCookie } from '../lib/browser.mjs';
import { connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

const customer = 'nong.mali.demo';

/** An open conversation; `prepare` may change the page before it loads. */
async function reading(t, prepare = async () => {}) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  const { username: business } = await connectAccount(gateway, simulator, cookie);
  await simulator.post('/sim/customers', { username: customer, display_name: 'น้องมะลิ 🌼' });
  const says = (text) => simulator.post('/sim/messages', { customer, business, type: 'text', text });
  await says('before');
  const page = await openPage(t, await openBrowser(t));
  await prepare(page);
  await useCookie(page, gateway.url, cookie);
  await page.goto(gateway.url);
  await page.getByTestId('conversation-row').first().click();
  const bubble = (text) => page.getByTestId('message').filter({ hasText: text });
  await bubble('before').waitFor();
  await page.locator('[data-testid=connection][data-link=online]').waitFor({ state: 'attached' });
  await page.evaluate(() => (globalThis.sameDocument = true));
  return { simulator, gateway, page, says, bubble };
}

/** TikTok repeats a delivery that was not answered; here at once instead of in its own time. */
async function deliverAgain(simulator) {
  const { items } = await simulator.get('/sim/webhooks');
  for (const { id } of items) await simulator.post(`/sim/webhooks/${id}/resend`);
}

test('a killed gateway is told; what was written meanwhile appears, what was sent meanwhile goes out', async (t) => {
  const { simulator, gateway, page, says, bubble } = await reading(t);
  await gateway.stop('SIGKILL');
  await page.getByTestId('connection-retry').waitFor();
  await says('meanwhile');
  await page.getByTestId('composer-text').fill('written while it was away');
  await page.getByTestId('send').click();
  await bubble('written while it was away').waitFor();
  await keep(page, 'gateway gone');
  await assertAccessible(page, 'the gateway gone');

  await startGateway(t, simulator, { dataDir: gateway.dataDir, port: gateway.port });
  await page.getByTestId('recovered').waitFor();
  await page.locator('[data-testid=message][data-status=sent]').filter({ hasText: 'written while it was away' }).waitFor();
  await deliverAgain(simulator);
  await bubble('meanwhile').waitFor();
  assert.equal(await bubble('meanwhile').count(), 1);
  assert.equal(await bubble('before').count(), 1);
  assert.equal(await bubble('written while it was away').count(), 1);
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true, 'without a reload');
});

test('after a break the page says how many events were replayed', async (t) => {
  let cut = false;
  const sockets = new Set();
  const { gateway, page, says, bubble } = await reading(t, async (page) => {
    await page.routeWebSocket(/\/socket\.io\//, (socket) => {
      if (cut) return void socket.close();
      socket.connectToServer();
      sockets.add(socket);
    });
    await page.route(/\/socket\.io\//, (route) => (cut ? route.abort() : route.continue()));
  });
  cut = true;
  for (const socket of sockets) await socket.close();
  await page.getByTestId('connection-retry').waitFor();
  await says('one');
  await says('two');
  await until('the gateway has both', async () => JSON.stringify(await gateway.json('/api/chats')).includes('two'));
  assert.equal(await bubble('two').count(), 0);

  cut = false;
  await page.getByTestId('connection-retry').click();
  const recovered = page.getByTestId('recovered');
  await recovered.waitFor();
  const [replayed] = (await recovered.innerText()).match(/\d+/) ?? ['0'];
  assert.ok(Number(replayed) >= 2, await recovered.innerText());
  await keep(page, 'gateway back');
  await assertAccessible(page, 'the gateway back');
  await bubble('two').waitFor();
  assert.equal(await bubble('one').count(), 1);
});
