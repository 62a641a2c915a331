import { describe, expect, it } from 'vitest';
import { inboxHref, matches, needsServer, newestFirst, readQuery } from '../src/lib/inbox/list/query';
import { categoryClass, monogram } from '../src/lib/ui/identity';
import { nextPath } from '../src/lib/auth/enter';
import { conversation } from './fixtures';

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
