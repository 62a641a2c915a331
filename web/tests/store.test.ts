import { describe, expect, it } from 'vitest';
import { LiveStore } from '../src/lib/live/store.svelte';
import { insertMessage, mergeMessages } from '../src/lib/live/order';
import type { Message, Page } from '../src/lib/api/types';
import { account, conversation, message } from './fixtures';

const ids = (list: readonly { id: string }[]) => list.map((m) => m.id);
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

function opened(): LiveStore {
	const store = new LiveStore();
	store.putPage('conv_1', [message({ id: 'a', seq: 1, timestamp: at(1) }), message({ id: 'c', seq: 2, timestamp: at(3) })], null, true);
	return store;
}

describe('order', () => {
	it('is by time then id, wherever a message arrives', () => {
		const list = [message({ id: 'a', seq: 1, timestamp: at(1) }), message({ id: 'c', seq: 2, timestamp: at(3) })];
		expect(ids(insertMessage(list, message({ id: 'b', seq: 9, timestamp: at(2) })))).toEqual(['a', 'b', 'c']);
		expect(ids(insertMessage(list, message({ id: 'd', seq: 9, timestamp: at(3) })))).toEqual(['a', 'c', 'd']);
	});

	it('moves a message whose time was corrected', () => {
		const list = [message({ id: 'a', seq: 1, timestamp: at(1) }), message({ id: 'c', seq: 2, timestamp: at(3) })];
		expect(ids(insertMessage(list, message({ id: 'a', seq: 3, timestamp: at(5) })))).toEqual(['c', 'a']);
	});

	it('keeps the newer version when pages overlap', () => {
		const merged = mergeMessages([message({ id: 'a', seq: 5, status: 'seen' })], [message({ id: 'a', seq: 4, status: 'sent' })]);
		expect(merged.map((m) => m.status)).toEqual(['seen']);
	});
});

describe('store', () => {
	it('ignores a payload older than what it holds', () => {
		const store = opened();
		store.putMessage(message({ id: 'c', seq: 7, timestamp: at(3), status: 'seen' }));
		store.putMessage(message({ id: 'c', seq: 6, timestamp: at(3), status: 'sent' }));
		expect(store.thread('conv_1').messages.at(-1)?.status).toBe('seen');
	});

	it('applies the same event twice without effect', () => {
		const store = opened();
		const event = message({ id: 'd', seq: 8, timestamp: at(4) });
		expect([store.putMessage(event), store.putMessage(event)]).toEqual([true, false]);
		expect(ids(store.thread('conv_1').messages)).toEqual(['a', 'c', 'd']);
	});

	it('gives the same thread for any order of events', () => {
		const events = [8, 9, 10, 11].map((seq) => message({ id: `m${seq % 2}`, seq, timestamp: at(seq), status: seq > 9 ? 'seen' : 'sent' }));
		const results = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]].map((order) => {
			const store = opened();
			for (const i of order) store.putMessage(events[i]!);
			return store.thread('conv_1').messages.map((m) => `${m.id}:${m.seq}`);
		});
		expect(new Set(results.map(String)).size).toBe(1);
	});

	it('drops a conversation that turned out to be another one', () => {
		const store = opened();
		store.putConversation(conversation({ id: 'conv_1', seq: 3 }));
		store.removeConversation('conv_1');
		expect(store.conversations.has('conv_1')).toBe(false);
		expect(store.thread('conv_1').messages).toEqual([]);
	});

	it('does not bring back a removed message', () => {
		const store = opened();
		store.remove('c', 'conv_1', 9);
		store.putMessage(message({ id: 'c', seq: 8, timestamp: at(3) }));
		store.putPage('conv_1', [message({ id: 'c', seq: 2, timestamp: at(3) })], null, true);
		expect(ids(store.thread('conv_1').messages)).toEqual(['a']);
	});

	it('leaves a message older than the loaded part to its page', () => {
		const store = new LiveStore();
		store.putPage('conv_1', [message({ id: 'c', seq: 2, timestamp: at(3) })], 'cursor', true);
		store.putMessage(message({ id: 'a', seq: 9, timestamp: at(1) }));
		expect(ids(store.thread('conv_1').messages)).toEqual(['c']);
	});

	it('starts over when a newest page touches nothing it holds', () => {
		const store = opened();
		store.putPage('conv_1', [message({ id: 'y', seq: 30, timestamp: at(40) }), message({ id: 'z', seq: 31, timestamp: at(41) })], 'older', true);
		expect(ids(store.thread('conv_1').messages)).toEqual(['y', 'z']);
		expect(store.thread('conv_1').older).toBe('older');
	});

	it('replaces doubtful threads after a lost cursor', () => {
		const store = opened();
		store.reset();
		store.putPage('conv_1', [message({ id: 'c', seq: 12, timestamp: at(3) })], null, true);
		expect(ids(store.thread('conv_1').messages)).toEqual(['c']);
	});

	it('remembers the highest seq, whatever the order', () => {
		const store = new LiveStore();
		for (const seq of [4, 9, 7]) store.advance(seq);
		expect(store.cursor).toBe(9);
	});

	it('an expected change gives way to the event and is not undone by a late failure', () => {
		const store = new LiveStore();
		store.putConversation(conversation({ seq: 1 }));
		const revert = store.expect('conv_1', { status: 'closed' });
		expect(store.conversations.get('conv_1')?.status).toBe('closed');
		store.putConversation(conversation({ seq: 2, status: 'snoozed' }));
		revert();
		expect(store.conversations.get('conv_1')?.status).toBe('snoozed');
	});
});

describe('an answer that an event overtook', () => {
	const page = (items: Message[], next: string | null = null): Page<Message> => ({ items, next });

	it('does not hide a message told while a conversation opens', async () => {
		const store = new LiveStore();
		await store.loadNewest('conv_1', async () => {
			store.putMessage(message({ id: 'b', seq: 2, timestamp: at(2) }));
			store.putMessage(message({ id: 'x', seq: 3, conversationId: 'conv_2' }));
			return page([message({ id: 'a', seq: 1, timestamp: at(1) })]);
		});
		expect(ids(store.thread('conv_1').messages)).toEqual(['a', 'b']);
	});

	it('does not hide a message told while doubtful messages are replaced', async () => {
		const store = opened();
		store.reset();
		await store.loadNewest('conv_1', async () => {
			store.putMessage(message({ id: 'd', seq: 13, timestamp: at(4) }));
			store.putMessage(message({ id: 'c', seq: 14, timestamp: at(3), status: 'seen' }));
			store.remove('a', 'conv_1', 15);
			return page([message({ id: 'a', seq: 1, timestamp: at(1) }), message({ id: 'c', seq: 12, timestamp: at(3) })]);
		});
		expect(store.thread('conv_1').messages.map((m) => `${m.id} ${m.seq}`)).toEqual(['c 14', 'd 13']);
	});

	it('does not hide an older message told while its page comes', async () => {
		const store = new LiveStore();
		store.putPage('conv_1', [message({ id: 'd', seq: 2, timestamp: at(4) })], 'cursor', true);
		await store.loadOlder('conv_1', async (before) => {
			expect(before).toBe('cursor');
			store.putMessage(message({ id: 'b', seq: 9, timestamp: at(2) }));
			return page([message({ id: 'a', seq: 1, timestamp: at(1) }), message({ id: 'c', seq: 1, timestamp: at(3) })], 'further');
		});
		expect(ids(store.thread('conv_1').messages)).toEqual(['a', 'b', 'c', 'd']);
	});

	it('is no page of a thread that started over', async () => {
		const store = new LiveStore();
		store.putPage('conv_1', [message({ id: 'm', seq: 2, timestamp: at(20) })], 'cursor', true);
		await store.loadOlder('conv_1', async () => {
			store.putPage('conv_1', [message({ id: 'z', seq: 30, timestamp: at(40) })], 'later cursor', true);
			return page([message({ id: 'a', seq: 1, timestamp: at(1) })]);
		});
		expect(ids(store.thread('conv_1').messages)).toEqual(['z']);
	});

	it('leaves accounts as they were told of', async () => {
		const store = new LiveStore();
		for (const id of ['acc_1', 'acc_2', 'acc_3']) store.putAccount(account({ id }), 1);
		await store.loadAccounts(async () => {
			store.putAccount(account({ id: 'acc_1', state: 'reconnect' }), 2);
			store.putAccount(account({ id: 'acc_4' }), 3);
			store.removeAccount('acc_2');
			return [account({ id: 'acc_1' }), account({ id: 'acc_2' })];
		});
		expect([...store.accounts.values()].map((a) => `${a.id} ${a.state}`)).toEqual(['acc_1 reconnect', 'acc_4 active']);
	});

	it('is still asked for when it fails, and nothing is held for it', async () => {
		const store = opened();
		await expect(store.loadNewest('conv_1', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
		expect(ids(store.thread('conv_1').messages)).toEqual(['a', 'c']);
	});
});
