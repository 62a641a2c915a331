// How TikTok counts a text: UTF-16 units, at most 6,000 (TikTok API for Business portal, read 2026-11).

export const TEXT_LIMIT = 6000;

/** Length as the limit counts it: an emoji outside the basic plane is 2, a Thai vowel sign is 1. */
export function utf16Length(text: string): number {
	return text.length;
}

export function isTooLong(text: string): boolean {
	return utf16Length(text) > TEXT_LIMIT;
}
