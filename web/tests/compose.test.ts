import { describe, expect, it } from 'vitest';
import type { Message } from '../src/lib/api/types';
import { BUTTON_LIMIT, cardContent, type CardDraft, emptyCard, isWhole, partTrouble } from '../src/lib/inbox/composer/card';
import { newestQuotable, quotes, quoteTrouble } from '../src/lib/inbox/composer/quote.svelte';
import { isTyped, typist } from '../src/lib/inbox/composer/typing';
import { contentOfReply } from '../src/lib/inbox/content';
import { answeredQuestion } from '../src/lib/inbox/conversation/cards';
import { isSame } from '../src/lib/inbox/outgoing.svelte';
import { message } from './fixtures';

const content = (type: string, of: unknown) => ({ type, content: of }) as Message['message'];
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

describe('quoting', () => {
	const there = { providerMessageId: 'm+/=' };

	it('follows what TikTok quotes, and what it has', () => {
		expect(quoteTrouble(message({ id: 'a', seq: 1, ...there }))).toBeNull();
		for (const type of ['image', 'shared_post']) expect(quoteTrouble(message({ id: 'a', seq: 1, ...there, message: content(type, {}) }))).toBeNull();
		for (const type of ['template', 'sticker', 'emoji', 'video', 'unsupported']) expect(quoteTrouble(message({ id: 'a', seq: 1, ...there, message: content(type, {}) }))).toBe('type');
		expect(quoteTrouble(message({ id: 'a', seq: 1, direction: 'outgoing', status: 'failed' }))).toBe('absent');
	});

	it('takes the newest of the customer that can be quoted', () => {
		const list = [
			message({ id: 'a', seq: 1, ...there }),
			message({ id: 'b', seq: 2, ...there, message: content('sticker', { url: null }) }),
			message({ id: 'c', seq: 3, ...there, direction: 'outgoing' })
		];
		expect(newestQuotable(list)?.id).toBe('a');
		expect(newestQuotable(list.slice(1))).toBeNull();
	});

	it('keeps one quote per conversation, and none that TikTok would refuse', () => {
		quotes.set(message({ id: 'a', seq: 1, ...there }));
		quotes.set(message({ id: 'b', seq: 2, ...there, conversationId: 'conv_2' }));
		quotes.set(message({ id: 'c', seq: 3 }));
		expect([quotes.get('conv_1')?.id, quotes.get('conv_2')?.id]).toEqual(['a', 'b']);
		quotes.drop('conv_1');
		expect([quotes.get('conv_1'), quotes.get('conv_2')?.id]).toEqual([null, 'b']);
	});
});

describe('cards', () => {
	const card = (change: Partial<CardDraft> = {}): CardDraft => ({ style: 'button', title: 'ให้ช่วยเรื่องไหนดีคะ?', buttons: [{ title: 'จองโต๊ะ', id: '' }], ...change });

	it('are measured in UTF-16 units, without outer blanks', () => {
		expect(partTrouble(` ${'🍊'.repeat(10)} `, BUTTON_LIMIT.button)).toBeNull();
		expect(partTrouble(`${'🍊'.repeat(10)}!`, BUTTON_LIMIT.button)).toBe('long');
		expect(partTrouble(' ', 20)).toBe('empty');
		expect(partTrouble('', 40, true)).toBeNull();
	});

	it('are whole with a question and one to three answers that fit the style', () => {
		expect(isWhole(card())).toBe(true);
		expect(isWhole(emptyCard())).toBe(false);
		expect(isWhole(card({ buttons: [] }))).toBe(false);
		expect(isWhole(card({ buttons: Array.from({ length: 4 }, () => ({ title: 'ค่ะ', id: '' })) }))).toBe(false);
		const long = [{ title: 'ก'.repeat(30), id: '' }];
		expect([isWhole(card({ buttons: long })), isWhole(card({ buttons: long, style: 'link' }))]).toEqual([false, true]);
		expect(isWhole(card({ buttons: [{ title: 'ค่ะ', id: 'x'.repeat(41) }] }))).toBe(false);
	});

	it('leave out the ids that nobody wrote', () => {
		const buttons = [{ title: ' จองโต๊ะ ', id: ' opt_book ' }, { title: 'เมนู', id: ' ' }];
		expect(cardContent(card({ buttons })).buttons).toEqual([{ title: 'จองโต๊ะ', id: 'opt_book' }, { title: 'เมนู' }]);
	});

	const sent = (id: string, minute: number, title: string, buttonId: string | null) =>
		message({ id, seq: 1, direction: 'outgoing', timestamp: at(minute), providerMessageId: `p-${id}`, message: content('template', { style: 'button', title, buttons: [{ id: buttonId, title: 'ค่ะ' }] }) });
	const tap = (buttonId: string | null, providerMessageId: string | null) => message({ id: 't', seq: 9, timestamp: at(30), answeredCard: { buttonId, providerMessageId } });

	it('are found by the message that TikTok names, else by their button, the newest before the tap', () => {
		const list = [sent('a', 1, 'first', 'x'), sent('b', 2, 'second', 'x'), sent('c', 40, 'later', 'x'), sent('d', 3, 'none', null)];
		expect(answeredQuestion(tap('x', 'p-a'), list)).toBe('first');
		expect(answeredQuestion(tap('x', 'somewhere'), list)).toBe('second');
		expect(answeredQuestion(tap('y', null), list)).toBeNull();
		expect(answeredQuestion(tap(null, null), list)).toBeNull();
		expect(answeredQuestion(message({ id: 't', seq: 9 }), list)).toBeNull();
	});
});

describe('typing', () => {
	it('is what fingers do, not what is pasted, undone or emptied', () => {
		for (const kind of ['insertText', 'insertCompositionText', 'insertLineBreak', 'deleteContentBackward']) expect(isTyped(kind, 'ค่ะ')).toBe(true);
		for (const kind of ['insertFromPaste', 'insertFromDrop', 'historyUndo', '', 'formatBold']) expect(isTyped(kind, 'ค่ะ')).toBe(false);
		expect(isTyped('deleteContentBackward', ' ')).toBe(false);
	});

	it('is told now and then, and at once in another conversation', () => {
		const told: string[] = [];
		let now = 0;
		const typed = typist((id) => told.push(id), () => now);
		for (const [ms, id] of [[0, 'a'], [1000, 'a'], [1400, 'b'], [1600, 'a'], [3100, 'a']] as const) {
			now = ms;
			typed(id);
		}
		expect(told).toEqual(['a', 'b', 'a', 'a']);
	});
});

describe('on its way', () => {
	it('looks as it will', () => {
		expect(contentOfReply({ type: 'shared_post', postId: '74' })).toEqual({ kind: 'shared_post', embedUrl: null, postId: '74' });
		const card = { type: 'template' as const, style: 'link' as const, title: 'เมนู', buttons: [{ title: 'เครื่องดื่ม' }] };
		expect(contentOfReply(card)).toEqual({ kind: 'template', style: 'link', title: 'เมนู', buttons: [{ id: null, title: 'เครื่องดื่ม' }] });
	});

	it('is known by what it says', () => {
		const of = (type: string, held: unknown) => message({ id: 'a', seq: 1, message: content(type, held) });
		expect(isSame({ type: 'text', body: 'ค่ะ' }, of('text', 'ค่ะ'))).toBe(true);
		expect(isSame({ type: 'text', body: 'ค่ะ' }, of('text', 'ครับ'))).toBe(false);
		expect(isSame({ type: 'image', mediaId: 'med_1' }, of('image', { mediaId: 'med_1' }))).toBe(true);
		expect(isSame({ type: 'shared_post', postId: '74' }, of('shared_post', { postId: '75' }))).toBe(false);
		expect(isSame({ type: 'template', style: 'button', title: '?', buttons: [] }, of('template', { title: '?' }))).toBe(true);
	});
});
