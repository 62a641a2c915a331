// What TikTok does by itself for an account. Everything is asked of TikTok through the gateway, so answers take a moment.
import { answer, http } from './client';
import type { AutoMessageEvent, AutoMessageKind, AutoMessageWords, Automation, Page } from './types';

const of = (id: string) => ({ path: { id } });

export const readAutomation = (id: string): Promise<Automation> =>
	answer(http.GET('/api/v1/accounts/{id}/automation', { params: of(id) })) as Promise<Automation>;

export const readHistory = (id: string, before: string | null): Promise<Page<AutoMessageEvent>> =>
	answer(
		http.GET('/api/v1/accounts/{id}/automation/history', { params: { ...of(id), query: before ? { before } : {} } })
	) as Promise<Page<AutoMessageEvent>>;

export const createAutoMessage = (id: string, words: AutoMessageWords): Promise<unknown> =>
	answer(http.POST('/api/v1/accounts/{id}/automation/messages', { params: of(id), body: words }));

export const updateAutoMessage = (id: string, message: string, words: AutoMessageWords): Promise<unknown> =>
	answer(http.PATCH('/api/v1/accounts/{id}/automation/messages/{message}', { params: { path: { id, message } }, body: words }));

export const deleteAutoMessage = (id: string, message: string, kind: AutoMessageKind): Promise<unknown> =>
	answer(http.DELETE('/api/v1/accounts/{id}/automation/messages/{message}', { params: { path: { id, message }, query: { kind } } }));

export const sortChatPrompts = (id: string, ids: string[]): Promise<unknown> =>
	answer(http.PUT('/api/v1/accounts/{id}/automation/chat-prompt-order', { params: of(id), body: { ids } }));

export const switchAutoMessages = (id: string, kind: AutoMessageKind, enabled: boolean): Promise<unknown> =>
	answer(http.PUT('/api/v1/accounts/{id}/automation/kinds/{kind}', { params: { path: { id, kind } }, body: { enabled } }));

export const switchCommentToMessage = (id: string, enabled: boolean): Promise<unknown> =>
	answer(http.PUT('/api/v1/accounts/{id}/automation/comment-to-message', { params: of(id), body: { enabled } }));
