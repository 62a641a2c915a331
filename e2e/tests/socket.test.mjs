// The official socket.io-client against the built binary: both transports, resume, and who gets nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { apiSecret, connectAccount, signIn, startGateway, startSimulator } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

function connect(t, url, options = {}) {
  const socket = io(url, { reconnection: false, forceNew: true, auth: { token: apiSecret }, ...options });
  socket.seen = [];
  socket.resumed = new Promise((done) => socket.once('resume', done));
  for (const name of ['message', 'status', 'conversation', 'removed']) socket.on(name, (data) => socket.seen.push({ name, data }));
  t.after(() => socket.disconnect());
  return socket;
}

const texts = (socket) => socket.seen.filter(({ name }) => name === 'message').map(({ data }) => data.message.content);

async function world(t) {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const cookie = await signIn(gateway);
  const account = await connectAccount(gateway, simulator, cookie);
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'น้องมะลิ 🌼' });
  const write = (text) => simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: account.username, type: 'text', text });
  return { simulator, gateway, cookie, account, write };
}

for (const transport of ['polling', 'websocket']) {
  test(`messages arrive and replies leave over ${transport}`, async (t) => {
    const { simulator, gateway, account, write } = await world(t);
    const socket = connect(t, gateway.url, { transports: [transport] });
    await socket.resumed;
    assert.equal(socket.io.engine.transport.name, transport);

    const { conversation_id } = await write('สวัสดีค่ะ 😊');
    const incoming = await until('the message', () => socket.seen.find(({ name }) => name === 'message')?.data);
    assert.equal(incoming.type, 'dm');
    assert.equal(incoming.direction, 'incoming');
    assert.equal(incoming.accountId, account.id);
    assert.deepEqual(incoming.message, { type: 'text', content: 'สวัสดีค่ะ 😊' });
    assert.equal(incoming.user.username, 'nong.mali.demo');
    assert.match(incoming.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(typeof incoming.seq, 'number');

    const send = (key) => socket.timeout(5_000).emitWithAck('send_message', { conversationId: incoming.conversationId, text: 'ได้ค่ะ', idempotencyKey: key });
    const first = await send('once');
    const again = await send('once');
    assert.equal(first.ok, true);
    assert.equal(again.id, first.id, 'the same key is the same message');
    await until('it was sent', () => socket.seen.some(({ data }) => data.id === first.id && data.status === 'sent'));
    const { messages } = await simulator.get(`/sim/conversations/${encodeURIComponent(conversation_id)}`);
    assert.equal(messages.filter((message) => JSON.stringify(message).includes('ได้ค่ะ')).length, 1);

    const refused = await socket.timeout(5_000).emitWithAck('send_message', { conversationId: incoming.conversationId, text: 'x'.repeat(6_001) });
    assert.equal(refused.ok, false);
    assert.match(refused.problem.type, /text-too-long$/);
  });
}

test('a client that comes back gets what it missed, none twice', async (t) => {
  const { gateway, write } = await world(t);
  const before = connect(t, gateway.url);
  await before.resumed;
  await write('one');
  await until('one', () => texts(before).includes('one'));
  const last = Math.max(...before.seen.map(({ data }) => data.seq));
  before.disconnect();

  const missed = Array.from({ length: 20 }, (_, n) => `missed ${n}`);
  for (const text of missed) await write(text);
  await until('all are stored', async () => (await gateway.json('/api/chats')).length === 21);

  const after = connect(t, gateway.url, { auth: { token: apiSecret, after: last } });
  const { reset } = await after.resumed;
  assert.equal(reset, false);
  await until('all came', () => texts(after).length >= 20);
  assert.deepEqual(texts(after).toSorted(), missed.toSorted());
  await write('and on');
  await until('live again', () => texts(after).includes('and on'));
  assert.equal(texts(after).length, 21);
});

test('without a key, or from a foreign site, nothing comes', async (t) => {
  const { gateway, cookie, write } = await world(t);
  const witness = connect(t, gateway.url);
  await witness.resumed;
  const strangers = [
    connect(t, gateway.url, { auth: {} }),
    connect(t, gateway.url, { auth: { token: 'mgk_invented' } }),
    connect(t, gateway.url, { auth: {}, transports: ['websocket'], extraHeaders: { cookie, origin: 'https://evil.example' } }),
    connect(t, gateway.url, { auth: {}, transports: ['polling'], extraHeaders: { cookie, origin: 'https://evil.example' } }),
  ];
  const outcomes = await Promise.all(
    strangers.map((socket) => new Promise((done) => {
      socket.once('connect_error', () => done('refused'));
      socket.once('disconnect', () => done('disconnected'));
    })),
  );
  assert.equal(outcomes.length, strangers.length);
  await write('secret');
  await until('the witness sees it', () => texts(witness).includes('secret'));
  for (const socket of strangers) assert.deepEqual(socket.seen, []);
});

test('a cookie is enough, and signing out closes the socket', async (t) => {
  const { gateway, cookie, write } = await world(t);
  const socket = connect(t, gateway.url, { auth: {}, extraHeaders: { cookie, origin: gateway.url }, transports: ['websocket'] });
  await socket.resumed;
  await write('hello');
  await until('it comes', () => texts(socket).includes('hello'));
  const closed = new Promise((done) => socket.once('disconnect', done));
  const out = await fetch(`${gateway.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, origin: gateway.url } });
  assert.ok(out.ok);
  await closed;
});
