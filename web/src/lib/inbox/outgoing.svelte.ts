// Replies on their way from this browser to the gateway: shown at once as queued, replaced by the
// gateway's message. Each keeps its idempotency key, so a repeat after a lost answer sends nothing twice.
import { sendMessage } from '$lib/api/conversations';
import { ApiProblem, Unreachable } from '$lib/api/problem';
import type { Message, OutgoingContent } from '$lib/api/types';
import { store } from '$lib/live/store.svelte';

export interface OutgoingReply {
	/** Idempotency key, and the key of the bubble until the message has its own. */
	key: string;
	conversationId: string;
	content: OutgoingContent;
	/** The message that a text answers. */
	quote: string | null;
	/** Picture to show while it is ours alone. */
	preview: string | null;
	/** A person decided against the guard: TikTok has the last word. */
	anyway: boolean;
	createdAt: string;
	state: 'sending' | 'waiting' | 'refused';
	problem: ApiProblem | null;
}

/** 128 random bits; `randomUUID` exists only on secure origins. */
export function newKey(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** Whether the gateway's message is what this browser asked for. */
export function isSame(asked: OutgoingContent, { message: { type, content } }: Message): boolean {
	if (asked.type !== type) return false;
	const held = (content ?? {}) as { mediaId?: string; postId?: string; title?: string };
	switch (asked.type) {
		case 'text':
			return content === asked.body;
		case 'image':
			return held.mediaId === asked.mediaId;
		case 'shared_post':
			return held.postId === asked.postId;
		case 'template':
			return held.title === asked.title;
	}
}

class Outgoing {
	#all = $state<OutgoingReply[]>([]);
	/** Message id → key of the bubble it replaced, so that the bubble is not drawn anew. */
	readonly #alias = new Map<string, string>();
	/** One at a time per conversation: replies leave in the order they were written. */
	readonly #running = new Set<string>();

	constructor() {
		store.listen({ message: (m) => this.#meet(m) });
	}

	of(conversationId: string): OutgoingReply[] {
		return this.#all.filter((d) => d.conversationId === conversationId);
	}

	keyOf(messageId: string): string {
		return this.#alias.get(messageId) ?? messageId;
	}

	send(conversationId: string, content: OutgoingContent, { preview = null, anyway = false, quote = null }: { preview?: string | null; anyway?: boolean; quote?: string | null } = {}): void {
		this.#all.push({
			key: newKey(),
			conversationId,
			content,
			quote,
			preview,
			anyway,
			createdAt: new Date().toISOString(),
			state: 'waiting',
			problem: null
		});
		void this.#drain(conversationId);
	}

	retry(key: string): void {
		const item = this.#all.find((d) => d.key === key);
		if (!item) return;
		item.state = 'waiting';
		item.problem = null;
		void this.#drain(item.conversationId);
	}

	discard(key: string): void {
		this.#all = this.#all.filter((d) => d.key !== key);
	}

	/** After a reconnect: what got no answer goes again, with the same key. */
	resume(): void {
		for (const id of new Set(this.#all.map((d) => d.conversationId))) void this.#drain(id);
	}

	async #drain(conversationId: string): Promise<void> {
		if (this.#running.has(conversationId)) return;
		this.#running.add(conversationId);
		try {
			for (;;) {
				const item = this.#all.find((d) => d.conversationId === conversationId && d.state === 'waiting');
				if (!item) return;
				item.state = 'sending';
				if (!(await this.#post(item))) return;
			}
		} finally {
			this.#running.delete(conversationId);
		}
	}

	/** False when the gateway is silent: the rest waits for the next connection. */
	async #post(item: OutgoingReply): Promise<boolean> {
		try {
			const message = await sendMessage(item.conversationId, $state.snapshot(item.content), item.key, item.anyway, item.quote);
			this.#alias.set(message.id, item.key);
			this.discard(item.key);
			store.putMessage(message);
			return true;
		} catch (error) {
			if (error instanceof ApiProblem) {
				item.state = 'refused';
				item.problem = error;
				return true;
			}
			item.state = 'waiting';
			if (!(error instanceof Unreachable)) throw error;
			return false;
		}
	}

	/** The socket may be quicker than the answer: the announced message takes the bubble's place. */
	#meet(message: Message): void {
		if (message.direction !== 'outgoing' || message.author.kind !== 'agent' || this.#alias.has(message.id)) return;
		const twin = this.#all.find((d) => d.conversationId === message.conversationId && d.state === 'sending');
		if (!twin || Date.parse(message.createdAt) < Date.parse(twin.createdAt) - 60_000) return;
		if (!isSame(twin.content, message)) return;
		this.#alias.set(message.id, twin.key);
		this.discard(twin.key);
	}
}

export const outgoing = new Outgoing();
