import { describe, expect, it } from 'vitest';
import { isTooLong, TEXT_LIMIT, utf16Length } from '../src/lib/inbox/composer/length';
import { type ComposerMode, composerMode, isLocked, mayOverride, pictureObstacle, replyCost } from '../src/lib/inbox/composer/mode';
import { account, conversation } from './fixtures';

const now = Date.parse('2026-11-20T12:00:00Z');
const quota = (quotaLeft: number) => ({ ...conversation().window, quotaLeft });

describe('length', () => {
	it('counts UTF-16 units as TikTok does', () => {
		expect(utf16Length('สวัสดี')).toBe(6);
		expect(utf16Length('ปู่')).toBe(3);
		expect(utf16Length('🍊')).toBe(2);
		expect(utf16Length('👨‍👩‍👧')).toBe(8);
	});

	it('stops at the limit, not before', () => {
		expect(isTooLong('ก'.repeat(TEXT_LIMIT))).toBe(false);
		expect(isTooLong('ก'.repeat(TEXT_LIMIT + 1))).toBe(true);
		expect(isTooLong('🍊'.repeat(TEXT_LIMIT / 2))).toBe(false);
	});
});

describe('mode', () => {
	const mode = (c = conversation(), a = account(), role: 'agent' | 'viewer' = 'agent') => composerMode(c, a, role, now);

	it('follows window and quota', () => {
		expect(mode()).toBe('open');
		expect(mode(conversation({ window: quota(4) }))).toBe('open');
		expect(mode(conversation({ window: quota(3) }))).toBe('last');
		expect(mode(conversation({ window: quota(0) }))).toBe('spent');
		expect(mode(conversation({ window: { ...quota(0), state: 'spent' } }))).toBe('spent');
		expect(mode(conversation({ window: { ...quota(0), state: 'closed' } }))).toBe('closed');
		expect(mode(conversation({ window: { state: 'none', closesAt: null, quotaLeft: 0, quotaLimit: 10 } }))).toBe('none');
	});

	it('is locked while the account is paused, whatever the window says', () => {
		const paused = account({ state: 'paused', canSend: false });
		expect(mode(conversation(), paused)).toBe('paused');
		expect(mode(conversation({ window: quota(0) }), paused)).toBe('paused');
		expect(isLocked('paused')).toBe(true);
		expect(mayOverride('paused')).toBe(false);
	});

	it('knows the three that the guide allows after the 48 hours, and no limit at all', () => {
		const over = { closesAt: '2026-11-20T11:00:00Z', quotaLimit: 3 };
		expect(mode(conversation({ window: { ...over, state: 'grace', quotaLeft: 3 } }))).toBe('last');
		expect(mode(conversation({ window: { ...over, state: 'spent', quotaLeft: 0 } }))).toBe('spent');
		expect(mode(conversation({ window: { state: 'open', closesAt: null, quotaLeft: null, quotaLimit: null } }))).toBe('open');
	});

	it('lets a person write against the rules, never against a dead account', () => {
		expect(['spent', 'closed'].every((one) => mayOverride(one as ComposerMode))).toBe(true);
		expect((['none', 'disconnected', 'cannot-send', 'viewer'] as ComposerMode[]).some(mayOverride)).toBe(false);
	});

	it('closes by the clock before the gateway says so', () => {
		expect(mode(conversation({ window: { ...quota(9), closesAt: '2026-11-20T11:59:59Z' } }))).toBe('closed');
	});

	it('names the worst obstacle', () => {
		const closed = conversation({ window: { ...quota(0), state: 'closed' } });
		expect(mode(closed, account({ state: 'disconnected' }))).toBe('disconnected');
		expect(mode(closed, account({ state: 'reconnect' }))).toBe('disconnected');
		expect(mode(closed, account({ canSend: false }))).toBe('cannot-send');
		expect(mode(closed, account(), 'viewer')).toBe('viewer');
		expect(isLocked('last')).toBe(false);
		expect(isLocked('spent')).toBe(true);
	});
});

describe('pictures', () => {
	const through = (provider: 'official' | 'respondio') => account({ provider });

	it('are off where TikTok does not take them', () => {
		expect(pictureObstacle(conversation({ imageSend: false }), through('respondio'), true)).toBe('tiktok');
		expect(pictureObstacle(conversation(), through('official'), false)).toBeNull();
	});

	it('are off where Respond.io sends and can’t fetch them, by the conversation’s choice before the account’s', () => {
		expect(pictureObstacle(conversation(), through('respondio'), true)).toBeNull();
		expect(pictureObstacle(conversation(), through('respondio'), false)).toBe('respondio');
		expect(pictureObstacle(conversation({ sender: 'official' }), through('respondio'), false)).toBeNull();
		expect(pictureObstacle(conversation({ sender: 'respondio' }), through('official'), false)).toBe('respondio');
		expect(pictureObstacle(conversation(), undefined, false)).toBeNull();
	});
});

describe('cost', () => {
	it('is one for the text and one for each picture', () => {
		expect(replyCost('สวัสดี', 0)).toBe(1);
		expect(replyCost('สวัสดี', 1)).toBe(2);
		expect(replyCost('  \n', 2)).toBe(2);
		expect(replyCost('', 0)).toBe(0);
	});
});
