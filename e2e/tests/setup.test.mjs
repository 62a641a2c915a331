// The first minutes of an owner: the one-time link, the set-up, signing in and out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, keep, openBrowser, openPage, sizes } from '../lib/browser.mjs';
import { loginLink, startGateway, startSimulator } from '../lib/gateway.mjs';

const owner = { name: 'Ploy', email: 'ploy@example.com', password: 'correct horse battery staple' };

async function signInByPassword(page, email, password) {
  await page.getByTestId('email').fill(email);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('sign-in').click();
}

test('the one-time link makes the owner, works once, and the password works from then on', async (t) => {
  const gateway = await startGateway(t, await startSimulator(t));
  const browser = await openBrowser(t);
  const link = await loginLink(gateway);

  const first = await openPage(t, browser);
  await first.goto(link);
  await first.getByTestId('setup-form').waitFor();
  assert.ok(!first.url().includes('#'), 'the token left the address bar');
  await keep(first, 'setup');
  await assertAccessible(first, 'set-up');
  await first.getByTestId('setup-submit').click();
  await first.getByTestId('setup-error').waitFor();
  await first.getByTestId('setup-name').fill(owner.name);
  await first.getByTestId('setup-email').fill(owner.email);
  await first.getByTestId('setup-password').fill(owner.password);
  await first.getByTestId('setup-submit').click();
  await first.getByTestId('empty-no-account').waitFor();
  await keep(first, 'first run');
  await assertAccessible(first, 'the empty inbox');
  await first.goto(`${gateway.url}/accounts`);
  await first.getByTestId('connect-business').waitFor();
  await keep(first, 'first account');
  await assertAccessible(first, 'accounts, none yet');

  // Somebody else with the same link, for example out of a shared terminal.
  const second = await openPage(t, browser, { viewport: sizes.phone, colorScheme: 'dark' });
  await second.goto(link);
  await second.getByTestId('link-invalid').waitFor();
  await keep(second, 'link spent');
  await assertAccessible(second, 'a spent link');
  await second.goto(gateway.url);
  await second.getByTestId('login-form').waitFor();
  await signInByPassword(second, owner.email, 'not the password');
  await second.getByTestId('login-error').locator('svg').waitFor();
  await assertAccessible(second, 'a wrong password');
  await keep(second, 'wrong password');
  await signInByPassword(second, owner.email, owner.password);
  await second.getByTestId('empty-no-account').waitFor();

  await first.getByTestId('user-menu').click();
  await first.getByTestId('sign-out').click();
  await first.getByTestId('login-form').waitFor();
  await first.goto(`${gateway.url}/settings/api-keys`);
  await first.getByTestId('login-form').waitFor();
  await signInByPassword(first, owner.email, owner.password);
  await first.getByTestId('api-key-form').waitFor();
});

test('what TikTok’s consent page may answer is explained', async (t) => {
  const gateway = await startGateway(t, await startSimulator(t));
  const page = await openPage(t, await openBrowser(t));
  await page.goto(await loginLink(gateway));
  await page.getByTestId('setup-name').fill(owner.name);
  await page.getByTestId('setup-email').fill(owner.email);
  await page.getByTestId('setup-password').fill(owner.password);
  await page.getByTestId('setup-submit').click();
  await page.getByTestId('empty-no-account').waitFor();
  const said = new Set();
  const slugs = ['not-configured', 'link-expired', 'access-denied', 'invalid-scope', 'personal-account', 'belongs-to-another-workspace', 'code-refused', 'app-refused', 'redirect-mismatch', 'not-approved', 'tiktok-unavailable', 'unavailable'];
  for (const slug of slugs) {
    await page.goto(`${gateway.url}/accounts?error=${slug}`);
    said.add(await page.getByTestId('connect-failed').innerText());
  }
  const ofLogin = ['not-configured', 'invalid-scope', 'app-refused', 'redirect-mismatch', 'not-approved'];
  for (const slug of ofLogin) {
    await page.goto(`${gateway.url}/accounts?error=${slug}&kind=login`);
    said.add(await page.getByTestId('connect-failed').innerText());
  }
  assert.equal(said.size, slugs.length + ofLogin.length, 'each has words of its own');
  await keep(page, 'connect failed');
  await assertAccessible(page, 'a failed connect');
  await page.getByTestId('connect-failed-close').click();
  await page.waitForURL(`${gateway.url}/accounts`);
  assert.equal(await page.getByTestId('connect-failed').count(), 0);
});
