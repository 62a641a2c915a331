// Flagged comments as a person works on them: those to be answered, and all, newest first. Pages and events enter through the
// live store; what is open here is counted from it.
import { listComments } from '$lib/api/comments';
import { isSignedOut } from '$lib/api/problem';
import type { Comment, CommentState } from '$lib/api/types';
import { clock } from '$lib/live/clock.svelte';
import { store, type LiveStore } from '$lib/live/store.svelte';

export type CommentView = 'todo' | 'all';

/** TikTok still takes an answer. */
export const isAnswerable = (comment: Comment, nowMs: number): boolean => nowMs < Date.parse(comment.answerableUntil);

/** Somebody can do something about it, or its answer is on its way. */
export function isToDo(comment: Comment, nowMs: number): boolean {
	return comment.state === 'answering' || (comment.state !== 'answered' && isAnswerable(comment, nowMs));
}

export function newestFirst(a: Comment, b: Comment): number {
	const byTime = Date.parse(b.timestamp) - Date.parse(a.timestamp);
	return byTime !== 0 ? byTime : a.id < b.id ? 1 : -1;
}

export class Comments {
	/** Why the last read failed. */
	trouble = $state.raw<unknown>(null);
	loaded = $state(false);
	/** Cursor of older comments; null when all are here. */
	older = $state.raw<string | null>(null);

	/** Every page of `all` so far reaches back to here; open ones of before may be held as well. */
	#reach = $state(Infinity);
	readonly #live: LiveStore;
	#load = 0;

	constructor(live: LiveStore) {
		this.#live = live;
	}

	/** How many wait for a first answer. */
	get open(): number {
		let count = 0;
		for (const comment of this.#live.comments.values()) if (comment.state === 'open' && isAnswerable(comment, clock.now)) count++;
		return count;
	}

	list(view: CommentView): Comment[] {
		const reach = this.older === null ? -Infinity : this.#reach;
		const wanted = (c: Comment) => (view === 'todo' ? isToDo(c, clock.now) : Date.parse(c.timestamp) >= reach);
		return [...this.#live.comments.values()].filter(wanted).sort(newestFirst);
	}

	/** The newest page, and everything that somebody can do something about. */
	async load(): Promise<void> {
		const load = ++this.#load;
		try {
			const [newest, ...rest] = await Promise.all([listComments(null, null), ...(['open', 'failed', 'unconfirmed'] as const).map((state) => this.#every(state))]);
			if (load !== this.#load) return;
			for (const comment of [...newest.items, ...rest.flat()]) this.#live.putComment(comment);
			// What older pages brought stays while the newest one still touches it.
			this.#reaches(newest.items, newest.next);
			this.loaded = true;
			this.trouble = null;
		} catch (error) {
			if (load === this.#load && !isSignedOut(error)) this.trouble = error;
		}
	}

	async more(): Promise<void> {
		if (!this.older) return;
		const page = await listComments(null, this.older);
		for (const comment of page.items) this.#live.putComment(comment);
		this.#reaches(page.items, page.next);
	}

	#reaches(items: readonly Comment[], next: string | null): void {
		this.older = next;
		this.#reach = Math.min(...items.map((comment) => Date.parse(comment.timestamp)));
	}

	/** All in a state that can still be answered: of 48 hours, so the pages end. */
	async #every(state: CommentState): Promise<Comment[]> {
		const all: Comment[] = [];
		let before: string | null = null;
		do {
			const page = await listComments(state, before);
			all.push(...page.items);
			const last = page.items.at(-1);
			before = last && isAnswerable(last, Date.now()) ? page.next : null;
		} while (before);
		return all;
	}
}

export const comments = new Comments(store);
