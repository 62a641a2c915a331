// How customers came, of the conversations that were opened last. Asked for with the messages, and again when the open one changes.
import { SvelteMap } from 'svelte/reactivity';
import { listReferrals } from '$lib/api/conversations';
import type { Referral, Referrals } from '$lib/api/types';
import { store } from '$lib/live/store.svelte';

/** Conversations whose ways in are kept; the least recently opened goes first. */
const KEPT = 12;
/** Events come in bursts: the gateway is asked again at most this often. */
const REFRESH_MS = 1500;

class ReferralBook {
	readonly #held = new SvelteMap<string, Referrals>();
	/** Sources that were seen, by their keys: a list can name what it is filtered by. */
	readonly #sources = new SvelteMap<string, Referral['source']>();
	#open: string | null = null;
	#refresh: ReturnType<typeof setTimeout> | undefined;

	constructor() {
		store.listen({ conversation: (id) => id === this.#open && this.#held.has(id) && this.#again(id) });
	}

	of(id: string): Referrals | undefined {
		return this.#held.get(id);
	}

	/** What a key names, where a conversation told of it. */
	source(key: string): Referral['source'] | undefined {
		return this.#sources.get(key);
	}

	/** Asks the gateway. What can't be had is left as it was: the next event or opening asks again. */
	async load(id: string): Promise<void> {
		this.#open = id;
		try {
			const found = await listReferrals(id);
			this.#held.delete(id);
			this.#held.set(id, found);
			for (const one of [...found.items, ...found.elsewhere]) this.#sources.set(one.key, one.source);
			if (this.#held.size > KEPT) this.#held.delete(this.#held.keys().next().value!);
		} catch (error) {
			if (!(error instanceof Error)) throw error;
		}
	}

	#again(id: string): void {
		this.#refresh ??= setTimeout(() => {
			this.#refresh = undefined;
			if (id === this.#open) void this.load(id);
		}, REFRESH_MS);
	}
}

export const referrals = new ReferralBook();
