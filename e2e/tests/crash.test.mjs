// The binary is killed, or asked to end, while webhooks pour in: what it answered 200 is there afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectAccount, customerText, signIn, startGateway, startSimulator, webhook } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';

/** Posts from 16 callers until told to stop; gives the numbers that were answered 200. */
function pour(gateway, openId) {
  const state = { acknowledged: new Set(), refused: 0, next: 0, stopped: false };
  const caller = async () => {
    while (!state.stopped) {
      const n = state.next++;
      try {
        const answer = await fetch(`${gateway.url}/webhook/tiktok`, webhook(openId, customerText(openId, n, `text ${n}`)));
        await answer.arrayBuffer();
        if (answer.status === 200) state.acknowledged.add(`text ${n}`);
        else state.refused += 1;
      } catch {
        // The server is gone: this one was not acknowledged.
        if (gateway.child.exitCode !== null || gateway.child.signalCode !== null) return;
      }
    }
  };
  state.done = Promise.all(Array.from({ length: 16 }, caller));
  return state;
}

async function stored(gateway) {
  const chats = await gateway.json('/api/chats');
  return chats.map((chat) => chat.message.content);
}

test('kill -9 under load loses no acknowledged message', async (t) => {
  const simulator = await startSimulator(t);
  let gateway = await startGateway(t, simulator);
  const account = await connectAccount(gateway, simulator, await signIn(gateway));
  const acknowledged = new Set();
  for (const atLeast of [50, 200, 400]) {
    const load = pour(gateway, account.openId);
    await until(`${atLeast} acknowledged`, () => load.acknowledged.size >= atLeast);
    await gateway.stop('SIGKILL');
    load.stopped = true;
    await load.done;
    load.acknowledged.forEach((text) => acknowledged.add(text));
    gateway = await startGateway(t, simulator, { dataDir: gateway.dataDir, port: gateway.port });
    const there = await stored(gateway);
    const lost = [...acknowledged].filter((text) => !there.includes(text));
    assert.deepEqual(lost, []);
    assert.equal(new Set(there).size, there.length, 'none twice');
  }
});

test('SIGTERM under load answers what is in flight, keeps queued replies and exits 0', async (t) => {
  const simulator = await startSimulator(t);
  let gateway = await startGateway(t, simulator);
  const account = await connectAccount(gateway, simulator, await signIn(gateway));
  await simulator.post('/sim/customers', { username: 'nong.mali.demo', display_name: 'Mali' });
  await simulator.post('/sim/messages', { customer: 'nong.mali.demo', business: account.username, type: 'text', text: 'hi' });
  const conversation = await until('the conversation', async () => (await gateway.json('/api/v1/conversations')).items[0]);
  await simulator.post('/sim/faults', { endpoint: 'message/send', kind: 'rate_limit', times: 3 });
  const queued = await gateway.json(`/api/v1/conversations/${conversation.id}/messages`, {
    method: 'POST',
    body: JSON.stringify({ content: { type: 'text', body: 'kept over the restart' } }),
  });

  const load = pour(gateway, account.openId);
  await until('load', () => load.acknowledged.size >= 100);
  const { code, signal } = await gateway.stop('SIGTERM');
  load.stopped = true;
  await load.done;
  assert.deepEqual([code, signal], [0, null], gateway.output.slice(-20).join('\n'));

  gateway = await startGateway(t, simulator, { dataDir: gateway.dataDir, port: gateway.port });
  const there = await stored(gateway);
  assert.deepEqual([...load.acknowledged].filter((text) => !there.includes(text)), []);
  const sent = await until('the reply goes out', async () => {
    const { items } = await gateway.json(`/api/v1/conversations/${conversation.id}/messages`);
    return items.find((message) => message.id === queued.id && message.status === 'sent');
  });
  assert.equal(sent.message.content, 'kept over the restart');
});

test('delivered five times, stored once', async (t) => {
  const simulator = await startSimulator(t);
  const gateway = await startGateway(t, simulator);
  const account = await connectAccount(gateway, simulator, await signIn(gateway));
  const delivery = webhook(account.openId, customerText(account.openId, 1, 'once'));
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${gateway.url}/webhook/tiktok`, delivery)));
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200, 200, 200]);
  assert.deepEqual(await stored(gateway), ['once']);
});
