// Names of views, states and sorts in the reader's language, and the number beside a view.
import type { ConversationQuery, ConversationStatus, Counts, Sort, View } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

const views: Record<View, () => string> = {
	mine: m.view_mine,
	unassigned: m.view_unassigned,
	all: m.view_all,
	closing: m.view_closing,
	requests: m.view_requests,
	failed: m.view_failed
};
const statuses: Record<ConversationStatus, () => string> = {
	open: m.status_open,
	snoozed: m.status_snoozed,
	closed: m.status_closed
};
const sorts: Record<Sort, () => string> = { newest: m.sort_newest, waiting: m.sort_waiting, closing: m.sort_closing };

export const viewWord = (view: View): string => views[view]();
export const statusWord = (status: ConversationStatus | null): string => (status ? statuses[status]() : m.status_any());
export const sortWord = (sort: Sort): string => sorts[sort]();

export function countOf(counts: Counts | null, query: Pick<ConversationQuery, 'view' | 'account'>): number | null {
	if (!counts) return null;
	if (query.account) return query.view === 'all' ? (counts.accounts[query.account] ?? 0) : null;
	return counts[query.view];
}
