import { describe, expect, it } from 'vitest';
import type { AutoMessageEvent } from '../src/lib/api/types';
import { joined, lines, moved, textsOf, trouble, wordsAt, wordsOf } from '../src/lib/automation/words';

function entry(id: string, at: string, part: Partial<AutoMessageEvent> = {}): AutoMessageEvent {
	return { id, at: `2026-11-20T10:00:${at}.000Z`, messageId: '1', kind: 'chat_prompt', change: 'created', words: null, ...part };
}
const ids = (events: AutoMessageEvent[]) => events.map((one) => one.id);

describe('words of an automatic message', () => {
	it('are counted as TikTok may count them: an emoji is two', () => {
		expect(trouble('😊'.repeat(9), 18)).toBe(null);
		expect(trouble('😊'.repeat(9) + 'a', 18)).toBe('long');
		expect(trouble('ที่'.repeat(6), 18)).toBe(null);
		expect(trouble(' \n ', 18)).toBe('empty');
		expect(trouble(`  ${'a'.repeat(18)}  `, 18)).toBe(null);
	});

	it('go from the message to the form and back, without blanks at the ends', () => {
		const words = { kind: 'suggested_question', question: 'กี่โมงคะ', answer: 'แปดโมงค่ะ' } as const;
		const texts = textsOf('suggested_question', words);
		expect(texts).toEqual({ question: 'กี่โมงคะ', answer: 'แปดโมงค่ะ' });
		expect(wordsOf('suggested_question', { ...texts, answer: ' แปดโมงค่ะ\n' })).toEqual(words);
		expect(textsOf('welcome', null)).toEqual({ content: '' });
		expect(lines(words)).toEqual(['กี่โมงคะ', 'แปดโมงค่ะ']);
	});
});

describe('the order of prompts', () => {
	it('changes places with a neighbour and stays at the ends', () => {
		expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
		expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
		expect(moved(['a', 'b'], 'a', -1)).toEqual(['a', 'b']);
		expect(moved(['a', 'b'], 'b', 1)).toEqual(['a', 'b']);
		expect(moved(['a', 'b'], 'gone', 1)).toEqual(['a', 'b']);
	});
});

describe('the history', () => {
	it('holds each entry once, latest first by TikTok’s time, whatever came in when', () => {
		const held = [entry('dlv_3', '02'), entry('dlv_1', '01')];
		const page = [entry('dlv_4', '00'), entry('dlv_3', '02'), entry('dlv_2', '03')];
		expect(ids(joined(held, page))).toEqual(['dlv_2', 'dlv_3', 'dlv_1', 'dlv_4']);
		expect(ids(joined([], [entry('dlv_1', '01'), entry('dlv_2', '01')]))).toEqual(['dlv_2', 'dlv_1']);
	});

	it('gives a review the words that were reviewed', () => {
		const older = { kind: 'chat_prompt', title: 'เมนู', content: 'ขอดูเมนู' } as const;
		const newer = { kind: 'chat_prompt', title: 'ราคา', content: 'ราคาเท่าไหร่' } as const;
		const history = [
			entry('dlv_5', '05', { change: 'approved' }),
			entry('dlv_4', '04', { change: 'updated', words: newer }),
			entry('dlv_3', '03', { change: 'rejected' }),
			entry('dlv_2', '02', { messageId: '2', words: newer }),
			entry('dlv_1', '01', { words: older })
		];
		expect(wordsAt(history, 0)).toEqual(newer);
		expect(wordsAt(history, 2)).toEqual(older);
		expect(wordsAt([history[0]!], 0)).toBe(null);
	});
});
