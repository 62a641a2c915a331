import { describe, expect, it } from 'vitest';
import { threadItems } from '../src/lib/inbox/conversation/items';
import { contentOf, safeUrl } from '../src/lib/inbox/content';
import type { Message, Referral } from '../src/lib/api/types';
import { message, referral } from './fixtures';

const at = (day: number, minute: number) => new Date(2026, 10, day, 12, minute).toISOString();

function kinds(items: ReturnType<typeof threadItems>): string[] {
	return items.map((i) => (i.kind === 'message' ? `${i.key}${i.joined ? '+' : ''}` : i.kind));
}

describe('grouping', () => {
	it('puts a heading before each day and joins what follows closely', () => {
		const list = [
			message({ id: 'a', seq: 1, timestamp: at(18, 0) }),
			message({ id: 'b', seq: 2, timestamp: at(18, 1) }),
			message({ id: 'c', seq: 3, timestamp: at(18, 30) }),
			message({ id: 'd', seq: 4, timestamp: at(19, 0) })
		];
		expect(kinds(threadItems(list, [], false))).toEqual(['day', 'a+', 'b', 'c', 'day', 'd']);
	});

	it('never hides a state or another author', () => {
		const ours = { direction: 'outgoing' as const, author: { kind: 'agent' as const, id: 'usr_1', name: 'Ploy' } };
		const list = [
			message({ id: 'a', seq: 1, timestamp: at(18, 0), ...ours, status: 'failed' }),
			message({ id: 'b', seq: 2, timestamp: at(18, 1), ...ours, status: 'sent' }),
			message({ id: 'c', seq: 3, timestamp: at(18, 1), ...ours, status: 'seen' }),
			message({ id: 'd', seq: 4, timestamp: at(18, 2), ...ours, author: { kind: 'tiktok_app', id: null, name: null }, status: 'seen' })
		];
		expect(kinds(threadItems(list, [], false))).toEqual(['day', 'a', 'b', 'c', 'd']);
	});

	it('has unique keys, says where it begins, and keeps the key of a bubble it replaced', () => {
		const list = [message({ id: 'a', seq: 1, timestamp: at(18, 0) })];
		const reply = { key: 'k1', conversationId: 'conv_1', content: { type: 'text' as const, body: 'x' }, quote: null, preview: null, anyway: false, createdAt: at(18, 5), state: 'sending' as const, problem: null };
		const items = threadItems(list, [reply], true, (id) => (id === 'a' ? 'k0' : id));
		expect(items.map((i) => i.kind)).toEqual(['beginning', 'day', 'message', 'reply']);
		expect(new Set(items.map((i) => i.key)).size).toBe(items.length);
		expect(items[2]?.key).toBe('k0');
	});
});

describe('ways in', () => {
	const list = [message({ id: 'a', seq: 1, timestamp: at(18, 10) }), message({ id: 'b', seq: 2, timestamp: at(18, 11) })];
	const marks = (referrals: Referral[], complete: boolean) => kinds(threadItems(list, [], complete, (id) => id, referrals));

	it('stand where they were taken, with a day of their own', () => {
		const ways = [referral({ key: 'ad:2', at: at(18, 11) }), referral({ at: at(17, 0) })];
		expect(marks(ways, true)).toEqual(['beginning', 'day', 'referral', 'day', 'a', 'referral', 'b']);
	});

	it('wait for their page, and for their time', () => {
		expect(marks([referral({ at: at(17, 0) })], false)).toEqual(['day', 'a+', 'b']);
		expect(marks([referral({ at: at(18, 11), dated: false })], true)).toEqual(['beginning', 'day', 'a+', 'b']);
	});
});

describe('content', () => {
	const of = (type: string, content: unknown) => contentOf(message({ id: 'a', seq: 1, message: { type, content } as Message['message'] }));

	it('never leaves a bubble empty', () => {
		expect(of('text', '')).toEqual({ kind: 'unsupported', typeName: 'empty_text' });
		expect(of('live_gift', null)).toEqual({ kind: 'unsupported', typeName: 'live_gift' });
		expect(of('unsupported', { typeName: 'voice' })).toEqual({ kind: 'unsupported', typeName: 'voice' });
		expect(of('image', null)).toMatchObject({ kind: 'image', url: null, state: 'ready' });
	});

	it('opens only our own paths, https and this machine', () => {
		expect(safeUrl('javascript:alert(1)')).toBeNull();
		expect(safeUrl('//evil.example')).toBeNull();
		expect(safeUrl('/\\evil.example')).toBeNull();
		expect(safeUrl('http://x.example')).toBeNull();
		expect(safeUrl('http://localhost.evil.example/x')).toBeNull();
		expect(safeUrl('http://localhost:4000@evil.example/x')).toBeNull();
		expect(safeUrl('http://localhost:4000/sim/avatars/a.svg')).toBe('http://localhost:4000/sim/avatars/a.svg');
		expect(safeUrl('/api/v1/media/med_1')).toBe('/api/v1/media/med_1');
		expect(safeUrl('https://www.tiktok.com/x')).toBe('https://www.tiktok.com/x');
	});
});
