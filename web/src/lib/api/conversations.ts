// Conversations and their messages over REST. Writes go here; the socket only announces.
import { answer, http } from './client';
import type {
	Conversation,
	ConversationQuery,
	ConversationStatus,
	Counts,
	Message,
	OutgoingContent,
	Page,
	Referrals
} from './types';

export const PAGE = 50;

export const listConversations = (query: ConversationQuery, after?: string): Promise<Page<Conversation>> =>
	answer(
		http.GET('/api/v1/conversations', {
			params: {
				query: {
					view: query.view,
					sort: query.sort,
					limit: PAGE,
					...(query.status ? { status: query.status } : {}),
					...(query.referral ? { referral: query.referral } : {}),
					...(query.account ? { account: query.account } : {}),
					...(after ? { after } : {})
				}
			}
		})
	) as Promise<Page<Conversation>>;

export const getCounts = (): Promise<Counts> =>
	answer(http.GET('/api/v1/conversations/counts')) as Promise<Counts>;

export const getConversation = (id: string): Promise<Conversation> =>
	answer(http.GET('/api/v1/conversations/{id}', { params: { path: { id } } }));

/** How its customer came, here and elsewhere. */
export const listReferrals = (id: string): Promise<Referrals> =>
	answer(http.GET('/api/v1/conversations/{id}/referrals', { params: { path: { id } } }));

export interface ConversationChange {
	status?: ConversationStatus;
	assignee?: string | null;
}

export const changeConversation = (id: string, body: ConversationChange): Promise<Conversation> =>
	answer(http.PATCH('/api/v1/conversations/{id}', { params: { path: { id } }, body }));

export const markRead = (id: string): Promise<unknown> =>
	answer(http.POST('/api/v1/conversations/{id}/read', { params: { path: { id } } }));

/** Newest page first; `next` leads to older ones. Items ascend by time. */
export const listMessages = (id: string, before?: string): Promise<Page<Message>> =>
	answer(
		http.GET('/api/v1/conversations/{id}/messages', {
			params: { path: { id }, query: { limit: PAGE, ...(before ? { before } : {}) } }
		})
	) as Promise<Page<Message>>;

/** The key makes a repeat after a lost answer harmless: the gateway returns the first message. `quote`: the message a text answers. */
export const sendMessage = (id: string, content: OutgoingContent, key: string, sendAnyway = false, quote: string | null = null): Promise<Message> =>
	answer(
		http.POST('/api/v1/conversations/{id}/messages', {
			params: { path: { id }, header: { 'Idempotency-Key': key } },
			body: { content, sendAnyway, ...(quote ? { quote } : {}) }
		})
	) as Promise<Message>;

export const retryMessage = (id: string, sendAnyway = false): Promise<Message> =>
	answer(http.POST('/api/v1/messages/{id}/retry', { params: { path: { id } }, body: { sendAnyway } })) as Promise<Message>;

export const checkMessage = (id: string): Promise<Message> =>
	answer(http.POST('/api/v1/messages/{id}/check', { params: { path: { id } } }));

export const discardMessage = (id: string): Promise<unknown> =>
	answer(http.DELETE('/api/v1/messages/{id}', { params: { path: { id } } }));
