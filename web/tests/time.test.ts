import { describe, expect, it } from 'vitest';
import { ageShort, dayLabel, dayOrMonth, timeLeftLevel, timeLeftLong, timeLeftShort, windowShare } from '../src/lib/i18n/time';

const MIN = 60_000;
const H = 60 * MIN;

describe('time left', () => {
	it('has four levels with the limits of the design', () => {
		expect(timeLeftLevel(48 * H)).toBe('open');
		expect(timeLeftLevel(12 * H)).toBe('open');
		expect(timeLeftLevel(12 * H - 1)).toBe('soon');
		expect(timeLeftLevel(2 * H)).toBe('soon');
		expect(timeLeftLevel(2 * H - 1)).toBe('urgent');
		expect(timeLeftLevel(0)).toBe('closed');
	});

	it.each([
		[47.9 * H, '47h', '47 ชม.'],
		[12 * H, '12h', '12 ชม.'],
		[11 * H + 58 * MIN, '11h 58m', '11:58 ชม.'],
		[3 * H + 2 * MIN, '3h 02m', '3:02 ชม.'],
		[24 * MIN, '24m', '24 นาที'],
		[20_000, '1m', '1 นาที']
	])('is short in chips: %d', (left, en, th) => {
		expect(timeLeftShort(left, 'en')).toBe(en);
		expect(timeLeftShort(left, 'th')).toBe(th);
	});

	it('is spelled out in the composer', () => {
		expect(timeLeftLong(3 * H + 12 * MIN, 'en')).toBe('3 h 12 min');
		expect(timeLeftLong(3 * H + 12 * MIN, 'th')).toBe('3 ชม. 12 นาที');
		expect(timeLeftLong(47 * H, 'en')).toBe('47 h');
		expect(timeLeftLong(59 * MIN, 'th')).toBe('59 นาที');
	});

	it('fills the ring by its share of 48 h', () => {
		expect(windowShare(24 * H)).toBe(0.5);
		expect(windowShare(60 * H)).toBe(1);
		expect(windowShare(-1)).toBe(0);
	});
});

describe('ages and days', () => {
	const now = Date.parse('2026-11-20T10:00:00Z');
	it('grows from now to days', () => {
		expect(ageShort(now - 20_000, now, 'en')).toBe('now');
		expect(ageShort(now - 4 * MIN, now, 'en')).toBe('4m');
		expect(ageShort(now - 3 * H, now, 'th')).toBe('3 ชม.');
		expect(ageShort(now - 49 * H, now, 'th')).toBe('2 วัน');
	});

	it('a time ahead of this clock is now, not negative', () => {
		expect(ageShort(now + 5 * MIN, now, 'en')).toBe('now');
	});

	it('names today and yesterday, Thai years are Buddhist', () => {
		const words = { today: 'T', yesterday: 'Y' };
		expect(dayLabel('2026-11-20T09:00:00Z', now, 'en', words)).toBe('T');
		expect(dayLabel('2026-11-19T09:00:00Z', now, 'en', words)).toBe('Y');
		expect(dayLabel('2025-11-18T09:00:00Z', now, 'th', words)).toContain('2568');
	});

	it('a day or month of a source is told in the reader’s calendar', () => {
		expect(dayOrMonth('2026-09-20', 'en')).toBe('20 Sept 2026');
		expect(dayOrMonth('2026-09-20', 'th')).toBe('20 ก.ย. 2569');
		expect(dayOrMonth('2026-02', 'en')).toBe('Feb 2026');
		expect(dayOrMonth('2026-02', 'th')).toBe('ก.พ. 2569');
	});
});
