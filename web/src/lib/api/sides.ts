// The two sides of an account: who tells its messages, who sends.
import { answer, http } from './client';
import type { Account, Conversation, Page, Provider, Shadow, Side } from './types';

export const listSides = (id: string): Promise<Page<Side>> =>
	answer(http.GET('/api/v1/accounts/{id}/sides', { params: { path: { id } } })) as Promise<Page<Side>>;

export const setSender = (id: string, provider: Provider): Promise<Account> =>
	answer(http.PUT('/api/v1/accounts/{id}/sender', { params: { path: { id } }, body: { provider } })) as Promise<Account>;

/** `null` goes by the account's choice. */
export const setConversationSender = (id: string, provider: Provider | null): Promise<Conversation> =>
	answer(http.PUT('/api/v1/conversations/{id}/sender', { params: { path: { id } }, body: { provider } })) as Promise<Conversation>;

export const removeSide = (id: string, provider: Provider): Promise<Account> =>
	answer(http.DELETE('/api/v1/accounts/{id}/sides/{provider}', { params: { path: { id, provider } } })) as Promise<Account>;

export const listShadows = (id: string, before: string | null): Promise<Page<Shadow>> =>
	answer(http.GET('/api/v1/accounts/{id}/shadows', { params: { path: { id }, query: { limit: 20, ...(before ? { before } : {}) } } })) as Promise<Page<Shadow>>;
