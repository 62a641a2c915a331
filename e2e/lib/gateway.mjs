// A gateway and a simulator beside it, and the few calls that tests need again and again.
import { createHmac } from 'node:crypto';
import { freePort, run, scratch, start } from './process.mjs';

export const apiSecret = 'e2e-api-secret-of-at-least-32-characters';
export const app = { id: '7411000000000000042', secret: 'simulator-secret-not-for-production' };

/** The simulator on its own, so that it outlives a gateway that is killed. */
export async function startSimulator(t) {
  const dir = await scratch(t);
  const port = await freePort();
  const process = await start(t, ['simulator', '--empty', '--port', String(port), '--json'], {}, dir);
  const url = `http://localhost:${port}`;
  const control = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  return { ...process, url, post: (path, body = {}) => control('POST', path, body), get: (path) => control('GET', path), remove: (path) => control('DELETE', path) };
}

/** The gateway with its own data folder; give `dataDir` and `port` of an earlier one to start it again. */
export async function startGateway(t, simulator, options = {}) {
  const dataDir = options.dataDir ?? (await scratch(t));
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    API_SECRET: apiSecret,
    TIKTOK_APP_ID: app.id,
    TIKTOK_APP_SECRET: app.secret,
    TIKTOK_BUSINESS_API_URL: `${simulator.url}/open_api/v1.3`,
    TIKTOK_AUTHORIZE_URL: `${simulator.url}/v2/auth/authorize/`,
    ...options.env,
  };
  const process = await start(t, ['serve', '--json'], env, dataDir);
  const api = (path, init = {}) =>
    fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${apiSecret}`, ...(init.body ? { 'content-type': 'application/json' } : {}), ...init.headers },
    });
  const json = async (path, init) => {
    const answer = await api(path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${init?.method ?? 'GET'} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  return { ...process, url, port, dataDir, env, api, json };
}

/** A fresh one-time link, as `message-gateway user login-link` prints it. */
export async function loginLink(gateway) {
  const made = await run(['user', 'login-link', '--json'], gateway.env, gateway.dataDir);
  if (made.code !== 0) throw new Error(made.stderr);
  return JSON.parse(made.stdout).link;
}

/** Signs in with a one-time link and gives the cookie. */
export async function signIn(gateway) {
  const token = new URL(await loginLink(gateway)).hash.slice(1);
  const setup = { name: 'Ploy', email: 'ploy@example.com', password: 'correct horse battery staple' };
  const call = (body) =>
    fetch(`${gateway.url}/api/v1/session/link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: gateway.url },
      body: JSON.stringify(body),
    });
  let answer = await call({ token });
  if (answer.status === 409) answer = await call({ token, setup });
  if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

/** Connects a business account of the simulator through its consent page, as a browser would. */
export async function connectAccount(gateway, simulator, cookie, username = 'baan.kafe.demo') {
  const { open_id: openId } = await simulator.post('/sim/businesses', { username, display_name: `Shop ${username}` });
  return { id: await roundTrip(gateway, simulator, cookie, 'business', username), openId, username };
}

/** Connects the identity of an account that the simulator has, through Login Kit's consent page. */
export const connectIdentity = (gateway, simulator, cookie, username = 'baan.kafe.demo') => roundTrip(gateway, simulator, cookie, 'login', username);

/** Over the consent page and back. Gives the id of the account. */
async function roundTrip(gateway, simulator, cookie, kind, username) {
  const begun = await fetch(`${gateway.url}/auth/connect?kind=${kind}`, { headers: { cookie }, redirect: 'manual' });
  if (begun.status !== 303) throw new Error(`/auth/connect: ${begun.status} ${await begun.text()}`);
  const consent = new URL(begun.headers.get('location'));
  const approved = await fetch(consent, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: simulator.url },
    body: consentForm(consent, username),
  });
  const back = approved.headers.get('location');
  if (!back) throw new Error(`consent: ${approved.status} ${await approved.text()}`);
  const done = await fetch(back, { headers: { cookie }, redirect: 'manual' });
  const location = done.headers.get('location') ?? '';
  if (done.status !== 303 || !location.includes('connected=')) throw new Error(`callback: ${done.status} ${location} ${await done.text()}`);
  return new URL(location, gateway.url).searchParams.get('connected');
}

function consentForm(consent, username) {
  const form = new URLSearchParams(consent.search);
  form.set('account', username);
  form.set('decision', 'authorize');
  for (const scope of (consent.searchParams.get('scope') ?? '').split(',')) form.append('granted', scope);
  return form;
}

/** A signed webhook as TikTok posts it. */
export function webhook(openId, content, event = 'im_receive_msg', now = Date.now()) {
  const seconds = Math.floor(now / 1000);
  const body = JSON.stringify({ client_key: app.id, event, create_time: seconds, user_openid: openId, content: JSON.stringify(content) });
  const signature = createHmac('sha256', app.secret).update(`${seconds}.${body}`).digest('hex');
  return { method: 'POST', headers: { 'content-type': 'application/json', 'tiktok-signature': `t=${seconds},s=${signature}` }, body };
}

/** The content of a customer's text. */
export function customerText(openId, n, body, at = Date.now()) {
  const customer = `customer-${n % 20}+/==`;
  return {
    from: `customer.${n % 20}`,
    to: 'baan.kafe.demo',
    unique_identifier: customer,
    from_user: { id: customer, role: 'personal_account' },
    to_user: { id: openId, role: 'business_account' },
    conversation_id: `conversation-${n % 20}+/==`,
    message_id: `message-${n}+/==`,
    timestamp: at,
    type: 'text',
    text: { body },
    message_tag: { source: 'APP' },
  };
}
