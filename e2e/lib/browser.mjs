// A real browser: Debian's Chromium, driven by playwright-core. What it complains about fails the test.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const results = fileURLToPath(new URL('../test-results/', import.meta.url));

export const sizes = { wide: { width: 1440, height: 900 }, laptop: { width: 1024, height: 768 }, phone: { width: 390, height: 844 } };

/** Starts the browser once for a file of tests. */
export async function openBrowser(t) {
  assert.ok(existsSync(executablePath), `Chromium is missing at ${executablePath}: apt-get install chromium`);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  t.after(() => browser.close());
  return browser;
}

/** A page of its own session. Console errors and page errors are collected in `page.complaints`. */
export async function openPage(t, browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Bangkok', viewport: sizes.wide, ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (entry) => entry.type() === 'error' && page.complaints.push(entry.text()));
  t.after(async () => {
    if (t.passed === false || t.error) await keep(page, `${t.name} failed`).catch(() => {});
    await context.close();
  });
  return page;
}

/** Signs the page in with a cookie that a one-time link gave. */
export async function useCookie(page, url, cookie) {
  const cookies = cookie.split('; ').map((pair) => {
    const [name, value] = pair.split('=');
    return { name, value, url };
  });
  await page.context().addCookies(cookies);
}

/** On TikTok's consent page: chooses an account, agrees, and is back. Gives the id of what is connected now. */
export async function agree(page, username) {
  await page.getByTestId(`account-${username}`).check();
  await page.getByTestId('consent-authorize').click();
  await page.waitForURL(/\/accounts\?connected=/);
  return new URL(page.url()).searchParams.get('connected');
}

/** Keeps a screenshot under e2e/test-results. */
export async function keep(page, name) {
  await mkdir(results, { recursive: true });
  await page.screenshot({ path: `${results}${name.replaceAll(/[^\w-]+/g, '-')}.png` });
}

/** Until nothing fades or moves that comes to an end: in between colours are those of neither state. */
async function atRest(page) {
  await page.evaluate(() => {
    const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);
    return Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished)).then(() => undefined);
  });
}

/** axe finds nothing on the page as it is. */
export async function assertAccessible(page, where) {
  await atRest(page);
  // Evaluated, not injected as a tag: the page's own policy stays in force.
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(axe, 'utf8'));
  }
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(' ')} (${node.any[0]?.message ?? node.failureSummary})`).join(' | ')}`);
  assert.deepEqual(found, [], `axe on ${where}`);
}

/** Nothing sticks out sideways. */
export async function assertNoSidewaysScroll(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where} is ${over} px too wide`);
}
