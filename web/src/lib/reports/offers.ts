// What an offer is called and where its price was read, in the reader's language: the gateway tells both in English.
import type { CostOffer } from '$lib/api/types';
import { dayOrMonth } from '$lib/i18n/time';
import type { Locale } from '$lib/i18n/locale.svelte';
import { m } from '$lib/paraglide/messages';

const names: Record<string, () => string> = {
	direct: m.rep_offer_direct,
	'respondio-starter-yearly': () => m.rep_offer_yearly({ name: 'Respond.io Starter' }),
	'respondio-growth-yearly': () => m.rep_offer_yearly({ name: 'Respond.io Growth' }),
	'respondio-advanced-yearly': () => m.rep_offer_yearly({ name: 'Respond.io Advanced' }),
	manychat: () => m.rep_offer_beta({ name: 'Manychat Pro' })
};

export const offerName = (offer: CostOffer): string => (names[offer.key] ?? (() => offer.name))();

/** Of when the price is; of one's own it does not matter. */
export function priceOf(offer: CostOffer, lang: Locale): string {
	if (offer.confidence === 'yours') return m.rep_price_yours();
	const date = dayOrMonth(offer.asOf, lang);
	return offer.confidence === 'low' ? m.rep_price_low({ date }) : m.rep_price_of({ date });
}

export function sourceOf(offer: CostOffer): string | undefined {
	if (offer.confidence === 'yours') return undefined;
	if (offer.key === 'direct') return m.rep_source_direct();
	if (offer.confidence === 'low') return m.rep_source_low();
	return offer.key.startsWith('respondio-') ? m.rep_source_respondio() : offer.source;
}
