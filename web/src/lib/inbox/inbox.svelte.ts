// The inbox as a whole: list, counts, accounts, and what a person can do to a conversation.
import { listAccounts } from '$lib/api/accounts';
import * as api from '$lib/api/conversations';
import { isSignedOut } from '$lib/api/problem';
import type { Counts, Member } from '$lib/api/types';
import { reason } from '$lib/i18n/problems';
import { store } from '$lib/live/store.svelte';
import { m } from '$lib/paraglide/messages';
import { current } from '$lib/shell/session.svelte';
import { toasts } from '$lib/ui/toasts.svelte';
import { ConversationList } from './list/list.svelte';
import { referrals } from './referrals.svelte';

/** Counts are asked for at most this often while events come in. */
const COUNTS_MS = 500;
/** Conversations begin to close soon, or close, without any event. */
const COUNTS_IDLE_MS = 60_000;
const TYPING_MS = 5000;

class Inbox {
	readonly list = new ConversationList(store, () => current.session.user.id);
	counts = $state.raw<Counts | null>(null);
	accountsFailed = $state(false);
	/** Who is typing where: conversation → name. */
	typing = $state<Record<string, string>>({});
	/** Conversation on screen, told by the page. */
	openId = $state<string | null>(null);

	#counting: ReturnType<typeof setTimeout> | undefined;
	#countAt = Infinity;
	#countLoad = 0;
	readonly #typingTimers = new Map<string, ReturnType<typeof setTimeout>>();

	constructor() {
		store.listen({ conversation: () => this.#countSoon(), message: () => this.#countSoon() });
	}

	/** Everything over REST: once connected, and when the event cursor was too old (`lost`). */
	async reload(lost: boolean): Promise<void> {
		if (lost) store.reset();
		await Promise.all([this.loadAccounts(), this.loadCounts(), this.list.again(), this.reloadThread()]);
	}

	async loadAccounts(): Promise<void> {
		try {
			await store.loadAccounts(async () => (await listAccounts()).items);
			this.accountsFailed = false;
		} catch (error) {
			if (!isSignedOut(error)) this.accountsFailed = !store.accountsLoaded;
		}
	}

	async loadCounts(): Promise<void> {
		const load = ++this.#countLoad;
		this.#countSoon(COUNTS_IDLE_MS);
		try {
			const counts = await api.getCounts();
			// A later question may have been answered first.
			if (load === this.#countLoad) this.counts = counts;
		} catch (error) {
			// Numbers stay as they were; the connection bar tells why.
			if (!(error instanceof Error)) throw error;
		}
	}

	async reloadThread(): Promise<void> {
		const id = this.openId;
		if (!id) return;
		void referrals.load(id);
		try {
			await store.loadNewest(id, () => api.listMessages(id));
		} catch (error) {
			if (!(error instanceof Error)) throw error;
		}
	}

	heardTyping(conversationId: string, name: string): void {
		this.typing[conversationId] = name;
		clearTimeout(this.#typingTimers.get(conversationId));
		this.#typingTimers.set(conversationId, setTimeout(() => delete this.typing[conversationId], TYPING_MS));
	}

	/** Opened on a visible page: the unread mark goes at once, the gateway is told. */
	async markRead(id: string): Promise<void> {
		const c = store.conversations.get(id);
		if (!c || c.unread === 0 || document.visibilityState !== 'visible') return;
		const revert = store.expect(id, { unread: 0 });
		try {
			await api.markRead(id);
		} catch {
			revert();
		}
	}

	/** Closes or reopens; returns the neighbour to open when the row leaves the list. */
	setStatus(id: string, status: 'open' | 'closed'): string | null {
		const before = store.conversations.get(id)?.status;
		if (!before || before === status) return null;
		const revert = store.expect(id, { status });
		const neighbour = this.list.query.status === null || this.list.query.status === status ? null : this.list.drop(id);
		const undo = () => {
			this.setStatus(id, before === 'closed' ? 'closed' : 'open');
			this.list.settle();
		};
		void this.#change(id, { status }, revert, () => toasts.show(status === 'closed' ? m.toast_closed() : m.toast_reopened(), undo));
		return neighbour;
	}

	assign(id: string, to: Pick<Member, 'id' | 'name'> | null): void {
		const before = store.conversations.get(id)?.assignee ?? null;
		if ((before?.id ?? null) === (to?.id ?? null)) return;
		const revert = store.expect(id, { assignee: to ? { id: to.id, name: to.name } : null });
		const undo = () => this.assign(id, before);
		void this.#change(id, { assignee: to?.id ?? null }, revert, () => toasts.show(to ? m.toast_assigned({ name: to.name }) : m.toast_unassigned(), undo));
	}

	async #change(id: string, change: api.ConversationChange, revert: () => void, done: () => void): Promise<void> {
		try {
			store.putConversation(await api.changeConversation(id, change));
			done();
		} catch (error) {
			revert();
			this.list.settle();
			if (!isSignedOut(error)) toasts.bad(m.toast_not_done({ reason: reason(error) }));
		}
	}

	/** Asks again within `ms`; an earlier date stays. */
	#countSoon(ms = COUNTS_MS): void {
		const at = Date.now() + ms;
		if (this.#countAt <= at) return;
		this.#countAt = at;
		clearTimeout(this.#counting);
		this.#counting = setTimeout(() => {
			this.#countAt = Infinity;
			void this.loadCounts();
		}, ms);
	}
}

export const inbox = new Inbox();
