// What the dashboard knows. Answers of the API and events of the socket enter through the same
// `put…` functions; components only read. A payload older than what is held for its id is ignored.
// An answer may have been read before an event that overtook it: `load…` keeps what was told meanwhile.
import { SvelteMap } from 'svelte/reactivity';
import type { Account, Comment, Conversation, Message, Page } from '$lib/api/types';
import { insertMessage, isNews, mergeMessages } from './order';

/** Messages of one opened conversation, ascending by time. */
export class Thread {
	messages = $state.raw<Message[]>([]);
	/** Cursor of the next older page; null when the beginning is reached. */
	older = $state.raw<string | null>(null);
	loaded = $state(false);
	/** What is held may have missed changes: the next newest page replaces it. */
	stale = false;
}

/** Threads kept in memory; the least recently opened goes first. */
const THREADS_KEPT = 12;

export type StoreListener = {
	conversation?: (id: string) => void;
	message?: (message: Message) => void;
	/** Something of an account is new, be it only at TikTok, or it is gone; `null`: all of them were loaded again. */
	account?: (id: string | null) => void;
};

export class LiveStore {
	readonly conversations = new SvelteMap<string, Conversation>();
	readonly accounts = new SvelteMap<string, Account>();
	readonly comments = new SvelteMap<string, Comment>();
	/** Highest `seq` of any event seen: where a new connection resumes. */
	cursor = 0;
	accountsLoaded = $state(false);

	readonly #threads = new Map<string, Thread>();
	readonly #removed = new Map<string, number>();
	readonly #listeners = new Set<StoreListener>();

	listen(listener: StoreListener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Remembers how far the event stream has been read. */
	advance(seq: number): void {
		if (seq > this.cursor) this.cursor = seq;
	}

	putConversation(next: Conversation): boolean {
		if (!isNews(this.conversations.get(next.id), next.seq)) return false;
		this.conversations.set(next.id, next);
		for (const l of this.#listeners) l.conversation?.(next.id);
		return true;
	}

	/** Shows an expected change at once; the server's answer or event replaces it. */
	expect(id: string, change: Partial<Conversation>): () => void {
		const before = this.conversations.get(id);
		if (!before) return () => {};
		const shown = { ...before, ...change };
		this.conversations.set(id, shown);
		for (const l of this.#listeners) l.conversation?.(id);
		return () => {
			if (this.conversations.get(id) !== shown) return;
			this.conversations.set(id, before);
			for (const l of this.#listeners) l.conversation?.(id);
		};
	}

	putAccount(next: Account, seq?: number): void {
		const held = this.accounts.get(next.id) as (Account & { seq?: number }) | undefined;
		if (held?.seq !== undefined && seq !== undefined && seq <= held.seq) return;
		this.accounts.set(next.id, seq === undefined ? next : { ...next, seq } as Account);
		for (const l of this.#listeners) l.account?.(next.id);
	}

	putComment(next: Comment): void {
		if (isNews(this.comments.get(next.id), next.seq)) this.comments.set(next.id, next);
	}

	/** It became part of another one. */
	removeAccount(id: string): void {
		if (this.accounts.delete(id)) for (const l of this.#listeners) l.account?.(id);
	}

	/** All accounts, as `ask` gives them, but for those that were told of meanwhile. */
	async loadAccounts(ask: () => Promise<readonly Account[]>): Promise<void> {
		const told = new Set<string>();
		const stop = this.listen({ account: (id) => id !== null && void told.add(id) });
		const all = await ask().finally(stop);
		const ids = new Set(all.map((a) => a.id));
		for (const id of [...this.accounts.keys()]) if (!ids.has(id) && !told.has(id)) this.accounts.delete(id);
		for (const account of all) if (!told.has(account.id)) this.accounts.set(account.id, account);
		this.accountsLoaded = true;
		for (const l of this.#listeners) l.account?.(null);
	}

	/** The thread of a conversation, made on first use. */
	thread(conversationId: string): Thread {
		const known = this.#threads.get(conversationId);
		const thread = known ?? new Thread();
		this.#threads.delete(conversationId);
		this.#threads.set(conversationId, thread);
		if (this.#threads.size > THREADS_KEPT) this.#threads.delete(this.#threads.keys().next().value!);
		return thread;
	}

	putMessage(message: Message): boolean {
		if (!isNews(this.#tombstone(message.id), message.seq)) return false;
		const thread = this.#threads.get(message.conversationId);
		if (thread?.loaded) {
			const held = thread.messages.find((m) => m.id === message.id);
			if (!isNews(held, message.seq)) return false;
			// Older than what is loaded: it will come with its page.
			const first = thread.messages[0];
			const beforeFirst = first && Date.parse(message.timestamp) < Date.parse(first.timestamp);
			if (held || !beforeFirst || thread.older === null) thread.messages = insertMessage(thread.messages, message);
		}
		for (const l of this.#listeners) l.message?.(message);
		return true;
	}

	/** The newest page of a conversation, as `ask` gives it, and the messages that were told of meanwhile. */
	async loadNewest(conversationId: string, ask: () => Promise<Page<Message>>): Promise<void> {
		const [page, told] = await this.#meanwhile(conversationId, ask);
		this.putPage(conversationId, page.items, page.next, true);
		for (const message of told) this.putMessage(message);
	}

	/** The page before what is held. Dropped if the thread started over meanwhile: it would leave a hole. */
	async loadOlder(conversationId: string, ask: (before: string) => Promise<Page<Message>>): Promise<void> {
		const before = this.thread(conversationId).older;
		if (before === null) return;
		const [page, told] = await this.#meanwhile(conversationId, () => ask(before));
		if (this.thread(conversationId).older !== before) return;
		this.putPage(conversationId, page.items, page.next, false);
		for (const message of told) this.putMessage(message);
	}

	/** An answer, and the messages of a conversation that were told of while it was under way. */
	async #meanwhile<T>(conversationId: string, ask: () => Promise<T>): Promise<[T, Message[]]> {
		const told: Message[] = [];
		const stop = this.listen({ message: (m) => m.conversationId === conversationId && void told.push(m) });
		return [await ask().finally(stop), told];
	}

	/** A page over REST. `newest` is the first page, whose cursor starts the way back. */
	putPage(conversationId: string, items: readonly Message[], older: string | null, newest: boolean): void {
		const thread = this.thread(conversationId);
		const alive = items.filter((m) => isNews(this.#tombstone(m.id), m.seq));
		const known = (m: Message) => this.#removed.has(m.id) || thread.messages.some((h) => h.id === m.id);
		const overlaps = thread.messages.length === 0 || items.some(known);
		// A newest page that touches nothing held would leave a hole in between: start over from it.
		const base = newest && (!overlaps || thread.stale) ? [] : thread.messages;
		if (newest) thread.stale = false;
		thread.messages = mergeMessages(base, alive);
		if (!newest || !thread.loaded || base.length === 0) thread.older = older;
		thread.loaded = true;
	}

	remove(id: string, conversationId: string, seq: number): void {
		this.#removed.set(id, seq);
		const thread = this.#threads.get(conversationId);
		if (thread) thread.messages = thread.messages.filter((m) => m.id !== id);
	}

	/** It turned out to be another one, where its messages are told anew. */
	removeConversation(id: string): void {
		this.#threads.delete(id);
		if (this.conversations.delete(id)) for (const l of this.#listeners) l.conversation?.(id);
	}

	/** A lost cursor makes every thread doubtful; each is replaced by its next newest page. */
	reset(): void {
		for (const thread of this.#threads.values()) thread.stale = true;
	}

	#tombstone(id: string): { seq: number } | undefined {
		const seq = this.#removed.get(id);
		return seq === undefined ? undefined : { seq };
	}
}

export const store = new LiveStore();
