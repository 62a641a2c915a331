// Times as people read them: pure functions of (time, now, words), so that tests need no clock.
// Thai short forms are ชม. and นาที, because น. means o'clock.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** TikTok's reply window (TikTok API for Business portal, read 2026-11). */
export const WINDOW_MS = 48 * HOUR;

export type TimeLeftLevel = 'open' | 'soon' | 'urgent' | 'closed';

/** Green above 12 h, amber above 2 h, red below, grey when over. */
export function timeLeftLevel(leftMs: number): TimeLeftLevel {
	if (leftMs <= 0) return 'closed';
	if (leftMs < 2 * HOUR) return 'urgent';
	return leftMs < 12 * HOUR ? 'soon' : 'open';
}

type Lang = 'en' | 'th';

function parts(leftMs: number): { h: number; m: number } {
	const minutes = Math.max(1, Math.floor(leftMs / MINUTE));
	return { h: Math.floor(minutes / 60), m: minutes % 60 };
}

/** For chips: `47h`, under 12 h `3h 12m`, under 1 h `24m`; Thai `47 ชม.`, `3:12 ชม.`, `24 นาที`. */
export function timeLeftShort(leftMs: number, lang: Lang): string {
	const { h, m } = parts(leftMs);
	const two = String(m).padStart(2, '0');
	if (lang === 'th') {
		if (h === 0) return `${m} นาที`;
		return h >= 12 ? `${h} ชม.` : `${h}:${two} ชม.`;
	}
	if (h === 0) return `${m}m`;
	return h >= 12 ? `${h}h` : `${h}h ${two}m`;
}

/** For sentences: `3 h 12 min`, Thai `3 ชม. 12 นาที`. */
export function timeLeftLong(leftMs: number, lang: Lang): string {
	const { h, m } = parts(leftMs);
	const [hour, minute] = lang === 'th' ? ['ชม.', 'นาที'] : ['h', 'min'];
	if (h === 0) return `${m} ${minute}`;
	return h >= 12 || m === 0 ? `${h} ${hour}` : `${h} ${hour} ${m} ${minute}`;
}

/** Share of the window that is left, 0 … 1, for the ring. */
export function windowShare(leftMs: number): number {
	return Math.min(1, Math.max(0, leftMs / WINDOW_MS));
}

/** Age in a list row: `now`, `4m`, `3h`, `2d`, then the date. */
export function ageShort(thenMs: number, nowMs: number, lang: Lang): string {
	const age = nowMs - thenMs;
	const th = lang === 'th';
	if (age < MINUTE) return th ? 'ตอนนี้' : 'now';
	if (age < HOUR) return `${Math.floor(age / MINUTE)}${th ? ' นาที' : 'm'}`;
	if (age < DAY) return `${Math.floor(age / HOUR)}${th ? ' ชม.' : 'h'}`;
	if (age < 7 * DAY) return `${Math.floor(age / DAY)}${th ? ' วัน' : 'd'}`;
	return new Intl.DateTimeFormat(tag(lang), { day: 'numeric', month: 'short' }).format(thenMs);
}

function tag(lang: Lang): string {
	return lang === 'th' ? 'th-TH' : 'en-GB';
}

/** Time of day in the reader's zone: `14:19`. */
export function clockTime(at: string | number | Date, lang: Lang): string {
	return new Intl.DateTimeFormat(tag(lang), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

/** `18 Nov 2026, 17:32`, Thai `18 พ.ย. 2569 17:32`. */
export function dateTime(at: string | number | Date, lang: Lang): string {
	return new Intl.DateTimeFormat(tag(lang), {
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23'
	}).format(new Date(at));
}

export function dateOnly(at: string | number | Date, lang: Lang): string {
	return new Intl.DateTimeFormat(tag(lang), { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
}

/** A day or a month without a time zone: `2026-09-20`, `2026-02`. */
export function dayOrMonth(text: string, lang: Lang): string {
	const day: Intl.DateTimeFormatOptions = text.length > 7 ? { day: 'numeric' } : {};
	return new Intl.DateTimeFormat(tag(lang), { ...day, month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(text));
}

/** For hover: the same instant in UTC, unambiguous. */
export function utc(at: string): string {
	return new Date(at).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

/** Local calendar day as a comparable key: `2026-11-18`. */
export function dayKey(at: string | number): string {
	const d = new Date(at);
	return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
}

/** Heading of a day: today, yesterday (words from the catalogue), else the weekday and date. */
export function dayLabel(at: string, nowMs: number, lang: Lang, words: { today: string; yesterday: string }): string {
	const key = dayKey(at);
	if (key === dayKey(nowMs)) return words.today;
	if (key === dayKey(nowMs - DAY)) return words.yesterday;
	const sameYear = new Date(at).getFullYear() === new Date(nowMs).getFullYear();
	return new Intl.DateTimeFormat(tag(lang), {
		weekday: 'long',
		day: 'numeric',
		month: 'long',
		...(sameYear ? {} : { year: 'numeric' })
	})
		.format(new Date(at))
		.replace(',', '');
}
