import { describe, expect, it, vi } from 'vitest';
import type { Conversation, ConversationQuery, Page } from '../src/lib/api/types';
import { ConversationList } from '../src/lib/inbox/list/list.svelte';
import { inboxHref, matches, needsServer, newestFirst, readQuery } from '../src/lib/inbox/list/query';
import { categoryClass, monogram } from '../src/lib/ui/identity';
import { nextPath } from '../src/lib/auth/enter';
import { LiveStore } from '../src/lib/live/store.svelte';
import { conversation } from './fixtures';

const asked = vi.hoisted(() => ({ answer: async (): Promise<unknown> => null }));
vi.mock('../src/lib/api/conversations', async (original) => ({ ...(await original<object>()), listConversations: (_query: ConversationQuery) => asked.answer() }));

const q = (text: string) => readQuery(new URLSearchParams(text));

describe('address', () => {
	it('round-trips and leaves defaults out', () => {
		expect(inboxHref(q(''))).toBe('/');
		for (const href of ['/?view=mine&status=closed&account=acc_1&sort=waiting&c=conv_1', '/?view=closing', '/?view=failed&c=conv_9', '/?referral=ad%3A42&c=conv_1', '/?status=open&referral=link%3Abio']) {
			const params = new URL(href, 'http://x').searchParams;
			expect(inboxHref(readQuery(params), params.get('c'))).toBe(href);
		}
	});

	it('takes nonsense as the default', () => {
		expect(q('view=nope&status=gone&sort=up')).toEqual({ view: 'all', status: 'open', account: null, referral: null, sort: 'newest' });
	});

	it('asks for all that an ad led to, whatever became of it', () => {
		expect(q('referral=ad%3A42')).toMatchObject({ referral: 'ad:42', status: null });
		expect(matches(conversation({ status: 'closed' }), q('referral=ad%3A42'), 'usr_1')).toBe(true);
		expect(needsServer(q('referral=ad%3A42'))).toBe(true);
	});

	it('goes only to its own pages after signing in', () => {
		const next = (value: string) => nextPath(new URLSearchParams({ next: value }));
		expect(next('/accounts?x=1')).toBe('/accounts?x=1');
		for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:1']) expect(next(bad)).toBe('/');
	});
});

describe('membership', () => {
	it('follows view, status and account', () => {
		const mine = conversation({ assignee: { id: 'usr_1', name: 'Ploy' } });
		expect(matches(mine, q('view=mine'), 'usr_1')).toBe(true);
		expect(matches(mine, q('view=mine'), 'usr_2')).toBe(false);
		expect(matches(mine, q('view=unassigned'), 'usr_1')).toBe(false);
		expect(matches(mine, q('account=acc_2'), 'usr_1')).toBe(false);
		expect(matches(mine, q('status=closed'), 'usr_1')).toBe(false);
		expect(matches(conversation({ request: true }), q('view=requests'), 'usr_1')).toBe(true);
	});

	it('puts the latest activity first', () => {
		const older = conversation({ id: 'conv_1', lastActivityAt: '2026-11-20T09:00:00Z' });
		const newer = conversation({ id: 'conv_2', lastActivityAt: '2026-11-20T10:00:00Z' });
		expect([older, newer].sort(newestFirst).map((c) => c.id)).toEqual(['conv_2', 'conv_1']);
	});
});

describe('identity', () => {
	it('takes the consonant of a Thai name, not its leading vowel', () => {
		expect(monogram('แมวส้มเพ็ทช็อป')).toBe('ม');
		expect(monogram('ไก่ทอด')).toBe('ก');
		expect(monogram('@krokcoffee')).toBe('K');
		expect(monogram('🍊')).toBe('?');
	});

	it('always finds one of the eight colours', () => {
		for (let i = 0; i < 500; i++) expect(categoryClass(`ctc_${i * 7919}`)).toMatch(/^c[1-8]$/);
	});
});

describe('a list whose answer an event overtook', () => {
	const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`;
	const one = (id: string, seq: number, hour: number) => conversation({ id, seq, lastActivityAt: at(hour) });
	const page = (...items: Conversation[]): Page<Conversation> => ({ items, next: null });

	async function loaded(mode: 'loading' | 'quiet') {
		const store = new LiveStore();
		const list = new ConversationList(store, () => 'usr_1');
		asked.answer = async () => page(one('conv_1', 1, 9));
		if (mode === 'quiet') await list.reload('loading');
		asked.answer = async () => {
			store.putConversation(one('conv_2', 5, 11));
			return page(one('conv_1', 1, 9), one('conv_0', 2, 8));
		};
		await list.reload(mode);
		return list.ids;
	}

	it('shows who wrote meanwhile, at first and later', async () => {
		expect(await loaded('loading')).toEqual(['conv_2', 'conv_1', 'conv_0']);
		expect(await loaded('quiet')).toEqual(['conv_2', 'conv_1', 'conv_0']);
	});

	it('keeps what waits while the reader holds the rows', async () => {
		const store = new LiveStore();
		const list = new ConversationList(store, () => 'usr_1');
		asked.answer = async () => page(one('conv_1', 1, 9));
		await list.reload('loading');
		list.hold('pointer', true);
		asked.answer = async () => page(one('conv_3', 6, 12), one('conv_1', 1, 9));
		await list.reload();
		store.putConversation(one('conv_2', 7, 13));
		expect(list.ids).toEqual(['conv_1']);
		list.hold('pointer', false);
		expect(list.ids).toEqual(['conv_2', 'conv_3', 'conv_1']);
	});

	it('is asked for again once connected, but not before anyone asked', async () => {
		const list = new ConversationList(new LiveStore(), () => 'usr_1');
		asked.answer = async () => page(one('conv_1', 1, 9));
		await list.again();
		expect([list.phase, list.ids]).toEqual(['loading', []]);
		let answer = (_: unknown) => {};
		asked.answer = () => new Promise((resolve) => (answer = resolve));
		const early = list.reload('loading');
		asked.answer = async () => page(one('conv_2', 3, 11), one('conv_1', 1, 9));
		await list.again();
		answer(page(one('conv_1', 1, 9)));
		await early;
		expect([list.phase, list.ids]).toEqual(['ready', ['conv_2', 'conv_1']]);
	});
});
