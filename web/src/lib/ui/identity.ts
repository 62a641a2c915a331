// Names, monograms and colours of people and accounts.
import type { Account, Contact } from '$lib/api/types';

/** Thai vowels written before the consonant they belong to: never a monogram. */
const LEADING_VOWELS = /^[เแโใไ]+/;

/** First letter that stands for a name: `ด`, `K`; `?` when there is none. */
export function monogram(name: string): string {
	const bare = name.replace(/^@/, '').trim().replace(LEADING_VOWELS, '');
	const first = [...bare].find((c) => /\p{L}|\p{N}/u.test(c));
	return first ? first.toLocaleUpperCase() : '?';
}

/** One of eight category colours, the same for the same id everywhere. */
export function categoryClass(id: string): string {
	let hash = 7;
	for (const c of id) hash = (hash * 31 + c.codePointAt(0)!) >>> 0;
	return `c${((hash ^ (hash >>> 13)) >>> 0) % 8 + 1}`;
}

/** What TikTok told us of the name, best first; `fallback` gets the tail of the id. */
export function contactName(contact: Contact, fallback: (tail: string) => string): string {
	return contact.displayName || contact.username || fallback(contact.id.slice(-4));
}

export function accountName(account: Account | undefined): string {
	return account?.displayName || account?.username || account?.openId || '';
}

/** How a person calls an account at TikTok: `@handle`, or its name where the handle is unknown. */
export const handle = (account: Account): string => (account.username ? `@${account.username}` : accountName(account));
