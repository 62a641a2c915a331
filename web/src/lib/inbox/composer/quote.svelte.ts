// What the next text answers, one message per conversation. Kept while the page lives: a quote without its words is nothing.
import { SvelteMap } from 'svelte/reactivity';
import type { Message } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

/** TikTok quotes these and nothing else (API for Business portal, send page, read 2026-11). */
const QUOTABLE: readonly string[] = ['text', 'image', 'shared_post'];

/** Why TikTok can't quote a message, if it can't. */
export function quoteTrouble(message: Message): 'type' | 'absent' | null {
	if (!QUOTABLE.includes(message.message.type)) return 'type';
	return message.providerMessageId === null ? 'absent' : null;
}

export function quoteTroubleWord(trouble: 'type' | 'absent'): string {
	return trouble === 'type' ? m.quote_not_type() : m.quote_not_there();
}

/** The newest message of the customer that can be quoted: what the key answers. */
export function newestQuotable(messages: readonly Message[]): Message | null {
	return messages.findLast((one) => one.direction === 'incoming' && quoteTrouble(one) === null) ?? null;
}

class Quotes {
	readonly #of = new SvelteMap<string, Message>();

	get(conversationId: string): Message | null {
		return this.#of.get(conversationId) ?? null;
	}

	set(message: Message): void {
		if (quoteTrouble(message) === null) this.#of.set(message.conversationId, message);
	}

	drop(conversationId: string): void {
		this.#of.delete(conversationId);
	}
}

export const quotes = new Quotes();

/** Answers a message: it stands above the composer, which has the focus. */
export function startQuote(message: Message): void {
	quotes.set(message);
	document.querySelector<HTMLElement>('[data-testid="composer-text"]')?.focus();
}
