// The list's question in the address bar, and what may be answered from memory.
import type { Conversation, ConversationQuery, ConversationStatus, Sort, View } from '$lib/api/types';

export const VIEWS: readonly View[] = ['mine', 'unassigned', 'all', 'closing', 'requests', 'failed'];
export const STATUSES: readonly ConversationStatus[] = ['open', 'snoozed', 'closed'];
export const SORTS: readonly Sort[] = ['newest', 'waiting', 'closing'];

function oneOf<T extends string, D extends T | null>(value: string | null, all: readonly T[], otherwise: D): T | D {
	return all.find((v) => v === value) ?? otherwise;
}

/** All that an ad led to is asked for whatever became of it; other lists are of what is open. */
const usualStatus = (referral: string | null): ConversationStatus | null => (referral ? null : 'open');

export function readQuery(params: URLSearchParams): ConversationQuery {
	const view = oneOf(params.get('view'), VIEWS, 'all');
	const referral = params.get('referral');
	return {
		view,
		status: oneOf(params.get('status'), STATUSES, usualStatus(referral)),
		account: params.get('account'),
		referral,
		sort: oneOf(params.get('sort'), SORTS, view === 'closing' ? 'closing' : 'newest')
	};
}

/** Address of a list, with `open` the conversation beside it. Defaults are left out. */
export function inboxHref(query: ConversationQuery, open: string | null = null): string {
	const params = new URLSearchParams();
	if (query.view !== 'all') params.set('view', query.view);
	if (query.status && query.status !== usualStatus(query.referral)) params.set('status', query.status);
	if (query.account) params.set('account', query.account);
	if (query.referral) params.set('referral', query.referral);
	if (query.sort !== (query.view === 'closing' ? 'closing' : 'newest')) params.set('sort', query.sort);
	if (open) params.set('c', open);
	const text = params.toString();
	return text ? `/?${text}` : '/';
}

export function sameQuery(a: ConversationQuery, b: ConversationQuery): boolean {
	return a.view === b.view && a.status === b.status && a.account === b.account && a.referral === b.referral && a.sort === b.sort;
}

/** Views whose members only the gateway knows; after an event they are asked again. */
export function needsServer(query: ConversationQuery): boolean {
	return query.view === 'closing' || query.view === 'failed' || query.referral !== null || query.sort !== 'newest';
}

/** Does a conversation belong to a list that is answered from memory? */
export function matches(c: Conversation, query: ConversationQuery, me: string): boolean {
	if (query.status && c.status !== query.status) return false;
	if (query.account && c.accountId !== query.account) return false;
	if (query.view === 'mine') return c.assignee?.id === me;
	if (query.view === 'unassigned') return !c.assignee;
	if (query.view === 'requests') return c.request;
	return true;
}

export function newestFirst(a: Conversation, b: Conversation): number {
	const byTime = Date.parse(b.lastActivityAt) - Date.parse(a.lastActivityAt);
	return byTime !== 0 ? byTime : a.id < b.id ? 1 : -1;
}
