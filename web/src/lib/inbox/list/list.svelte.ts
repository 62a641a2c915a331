// The list of conversations on screen: an order of ids over the store, paged by keyset.
// Live changes redraw rows where they are; a new order waits (`waiting`) while the pointer is on
// the list or it is scrolled, and is taken when the reader asks or leaves.
import { listConversations } from '$lib/api/conversations';
import { isSignedOut } from '$lib/api/problem';
import type { ConversationQuery } from '$lib/api/types';
import type { LiveStore } from '$lib/live/store.svelte';
import { matches, needsServer, newestFirst, sameQuery } from './query';

/** Events come in bursts: the gateway is asked again at most this often. */
const REFRESH_MS = 1500;

export class ConversationList {
	ids = $state.raw<string[]>([]);
	phase = $state<'loading' | 'ready' | 'failed'>('loading');
	waiting = $state(0);
	query = $state.raw<ConversationQuery>({ view: 'all', status: 'open', account: null, referral: null, sort: 'newest' });

	#next: string | null = null;
	readonly #holds = new Set<'pointer' | 'scroll'>();
	#wanted: string[] | null = null;
	#touched = new Set<string>();
	#load = 0;
	#loadingMore = false;
	#refresh: ReturnType<typeof setTimeout> | undefined;

	constructor(
		readonly store: LiveStore,
		readonly me: () => string
	) {
		store.listen({ conversation: (id) => this.#changed(id) });
	}

	get hasMore(): boolean {
		return this.#next !== null;
	}

	/** While anything holds, rows do not move: the pointer is on the list, or it is scrolled. */
	hold(by: 'pointer' | 'scroll', holds: boolean): void {
		if (holds) this.#holds.add(by);
		else this.#holds.delete(by);
		if (this.#holds.size === 0) this.settle();
	}

	open(query: ConversationQuery): void {
		if (this.phase !== 'failed' && this.ids.length > 0 && sameQuery(query, this.query)) return;
		this.query = query;
		this.ids = [];
		this.#clearWanted();
		void this.reload('loading');
	}

	/** What was asked for, anew: an answer still under way may be older than what is to be seen now. */
	async again(): Promise<void> {
		if (this.#load > 0) await this.reload(this.phase === 'ready' ? 'quiet' : 'loading');
	}

	/** First page anew. `quiet` keeps what is on screen until the answer is there. */
	async reload(mode: 'loading' | 'quiet' = 'quiet'): Promise<void> {
		const load = ++this.#load;
		if (mode === 'loading') this.phase = 'loading';
		// The answer may have been read before these changed.
		const told = new Set<string>();
		const stop = this.store.listen({ conversation: (id) => void told.add(id) });
		try {
			const page = await listConversations(this.query).finally(stop);
			if (load !== this.#load) return;
			for (const c of page.items) this.store.putConversation(c);
			const first = page.items.map((c) => c.id);
			const more = mode === 'quiet' && this.ids.length > first.length && page.next !== null;
			const kept = new Set(first);
			const order = more ? [...first, ...this.ids.filter((id) => !kept.has(id))] : first;
			if (!more) this.#next = page.next;
			if (mode === 'loading' || this.phase !== 'ready') this.#show(order);
			else this.#want(order, order.filter((id, i) => this.ids[i] !== id && !this.ids.slice(0, i).includes(id)));
			this.phase = 'ready';
			for (const id of told) this.#changed(id);
		} catch (error) {
			if (load !== this.#load || isSignedOut(error)) return;
			if (this.ids.length === 0) this.phase = 'failed';
		}
	}

	async loadMore(): Promise<void> {
		if (this.#loadingMore || this.#next === null || this.phase !== 'ready') return;
		this.#loadingMore = true;
		const load = this.#load;
		try {
			const page = await listConversations(this.query, this.#next);
			if (load !== this.#load) return;
			for (const c of page.items) this.store.putConversation(c);
			const known = new Set(this.ids);
			this.ids = [...this.ids, ...page.items.map((c) => c.id).filter((id) => !known.has(id))];
			this.#next = page.next;
		} catch (error) {
			// The next scroll asks again.
			if (!(error instanceof Error)) throw error;
		} finally {
			this.#loadingMore = false;
		}
	}

	/** Takes the order that was waiting. */
	settle(): void {
		if (this.#wanted) this.#show(this.#wanted);
	}

	/** The reader's own action takes a row out at once; returns its neighbour. */
	drop(id: string): string | null {
		const at = this.ids.indexOf(id);
		const neighbour = this.ids[at + 1] ?? this.ids[at - 1] ?? null;
		this.ids = this.ids.filter((other) => other !== id);
		this.#wanted = this.#wanted?.filter((other) => other !== id) ?? null;
		return at < 0 ? null : neighbour;
	}

	#changed(id: string): void {
		if (this.phase !== 'ready') return;
		if (needsServer(this.query)) {
			this.#refresh ??= setTimeout(() => {
				this.#refresh = undefined;
				void this.reload();
			}, REFRESH_MS);
			return;
		}
		this.#touched.add(id);
		const order = this.#localOrder();
		const moved = [...this.#touched].filter((t) => order.indexOf(t) !== this.ids.indexOf(t) && order.includes(t));
		this.#want(order, moved);
	}

	#localOrder(): string[] {
		const listed = new Set(this.ids);
		const last = this.store.conversations.get(this.ids.at(-1) ?? '');
		const candidates = [...new Set([...(this.#wanted ?? this.ids), ...this.#touched])].flatMap((id) => {
			const c = this.store.conversations.get(id);
			if (!c || !matches(c, this.query, this.me())) return [];
			// Below the last loaded row only the gateway knows the order.
			const beyond = !listed.has(id) && this.#next !== null && last && newestFirst(c, last) > 0;
			return beyond ? [] : [c];
		});
		return candidates.sort(newestFirst).map((c) => c.id);
	}

	#want(order: string[], moved: string[]): void {
		const same = order.length === this.ids.length && order.every((id, i) => id === this.ids[i]);
		if (same) return this.#clearWanted();
		if (this.#holds.size === 0 || this.ids.length === 0) return this.#show(order);
		this.#wanted = order;
		this.waiting = moved.length;
	}

	#show(order: string[]): void {
		this.ids = order;
		this.#clearWanted();
	}

	#clearWanted(): void {
		this.#wanted = null;
		this.#touched.clear();
		this.waiting = 0;
	}
}
