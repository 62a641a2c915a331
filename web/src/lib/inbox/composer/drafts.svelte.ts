// Unsent texts, one per conversation, kept in this browser until they are sent or emptied.
import { SvelteMap } from 'svelte/reactivity';

const PREFIX = 'draft:';

class Drafts {
	readonly #texts = new SvelteMap<string, string>();

	constructor() {
		for (const key of Object.keys(localStorage)) {
			if (key.startsWith(PREFIX)) this.#texts.set(key.slice(PREFIX.length), localStorage.getItem(key) ?? '');
		}
	}

	get(conversationId: string): string {
		return this.#texts.get(conversationId) ?? '';
	}

	set(conversationId: string, text: string): void {
		if (text === '') {
			this.#texts.delete(conversationId);
			localStorage.removeItem(PREFIX + conversationId);
			return;
		}
		this.#texts.set(conversationId, text);
		try {
			localStorage.setItem(PREFIX + conversationId, text);
		} catch (error) {
			// Storage full or forbidden: the draft still lives as long as the page.
			if (!(error instanceof DOMException)) throw error;
		}
	}

	/** On signing out: drafts may quote customers. */
	clear(): void {
		for (const id of [...this.#texts.keys()]) this.set(id, '');
	}
}

export const drafts = new Drafts();
