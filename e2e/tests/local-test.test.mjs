// The local test of the system reference: an unsigned flat payload, from this machine only.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { freePort, scratch, start } from '../lib/process.mjs';

const payload = JSON.stringify({
  contact: { id: '1', first_name: 'Test' },
  conversation_id: 'conv_1',
  message_content: 'Hello!',
  message_type: 'text',
  message_timestamp: '2026-02-27T10:00:00Z',
});

/** fetch can't set Host, so this one can. */
function post(port, headers) {
  return new Promise((done, fail) => {
    const call = request({ host: '127.0.0.1', port, path: '/webhook/tiktok', method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => done(answer.statusCode));
    });
    call.once('error', fail);
    call.end(payload);
  });
}

test('dev takes the unsigned flat payload from this machine, and only so', async (t) => {
  const dir = await scratch(t);
  const [port, simulator] = [await freePort(), await freePort()];
  const secret = 'e2e-api-secret-of-at-least-32-characters';
  const env = { PORT: String(port), DATA_DIR: dir, API_SECRET: secret };
  await start(t, ['dev', '--empty', '--json', '--simulator-port', String(simulator)], env, dir);
  const json = { 'content-type': 'application/json' };

  assert.equal(await post(port, json), 200);
  const chats = await (await fetch(`http://localhost:${port}/api/chats`, { headers: { authorization: `Bearer ${secret}` } })).json();
  assert.equal(chats.length, 1);
  assert.deepEqual([chats[0].message, chats[0].user.nickname, chats[0].timestamp], [
    { type: 'text', content: 'Hello!' },
    'Test',
    '2026-02-27T10:00:00.000Z',
  ]);

  for (const [why, headers] of Object.entries({
    'another site': { ...json, origin: 'https://evil.example' },
    'a proxy in between': { ...json, 'x-forwarded-for': '203.0.113.9' },
    'another host name': { ...json, host: 'evil.example' },
    'a form': { 'content-type': 'text/plain' },
  })) {
    assert.ok((await post(port, headers)) >= 400, why);
  }
});

test('serve refuses an unsigned payload', async (t) => {
  const dir = await scratch(t);
  const port = await freePort();
  const env = { PORT: String(port), DATA_DIR: dir, TIKTOK_APP_ID: '1', TIKTOK_APP_SECRET: 'not-a-real-secret' };
  await start(t, ['serve', '--json'], env, dir);
  assert.equal(await post(port, { 'content-type': 'application/json' }), 401);
});
