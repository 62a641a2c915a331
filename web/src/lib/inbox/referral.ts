// A way in, in words: for the card, the mark in the thread and the chip over the list.
import type { Referral } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

type Source = Referral['source'];
export type SourceKind = Source['type'];

/** What it is called: the ad's name, the link's marker, TikTok's word. */
export function sourceName(source: Source): string {
	switch (source.type) {
		case 'ad':
			return source.name || source.adId || m.ref_ad_nameless();
		case 'short_link':
			return source.ref || m.ref_link_nameless();
		default:
			return source.name || m.ref_other_nameless();
	}
}

/** The kind of source that a key names, and what the key alone tells of it. */
export function readKey(key: string): { kind: SourceKind; name: string } {
	const at = key.indexOf(':');
	const [kind, name] = [key.slice(0, at), key.slice(at + 1)];
	if (kind === 'ad') return { kind: 'ad', name: name || m.ref_ad_nameless() };
	if (kind === 'link') return { kind: 'short_link', name: name || m.ref_link_nameless() };
	return { kind: 'other', name: name || m.ref_other_nameless() };
}

export interface Way {
	/** The newest of its source. */
	newest: Referral;
	/** How often the customer came this way, as far as it is loaded. */
	count: number;
}

/** One card per source, in the order of their newest. */
export function waysOf(items: readonly Referral[]): Way[] {
	const ways = new Map<string, Way>();
	for (const one of items) {
		const way = ways.get(one.key);
		if (way) way.count += 1;
		else ways.set(one.key, { newest: one, count: 1 });
	}
	return [...ways.values()];
}
