// Connected TikTok accounts.
import { answer, http } from './client';
import type { Account, Health, IdentityGone, Page, RuleSet, WithheldMessage } from './types';

export const listAccounts = (): Promise<Page<Account>> =>
	answer(http.GET('/api/v1/accounts')) as Promise<Page<Account>>;

export const disconnectAccount = (id: string): Promise<unknown> =>
	answer(http.POST('/api/v1/accounts/{id}/disconnect', { params: { path: { id } } }));

/** Nothing is sent any more; everything still arrives. */
export const pauseAccount = (id: string): Promise<Account> =>
	answer(http.POST('/api/v1/accounts/{id}/pause', { params: { path: { id } } }));

export const resumeAccount = (id: string): Promise<Account> =>
	answer(http.POST('/api/v1/accounts/{id}/resume', { params: { path: { id } } }));

/** Makes an identity and the account of the same person one. */
export const mergeAccounts = (id: string, other: string): Promise<Account> =>
	answer(http.POST('/api/v1/accounts/{id}/merge', { params: { path: { id } }, body: { with: other } }));

/** Not the same person: nobody is asked again. */
export const keepApart = (id: string, other: string): Promise<Account> =>
	answer(http.POST('/api/v1/accounts/{id}/keep-apart', { params: { path: { id } }, body: { with: other } }));

export const disconnectIdentity = (id: string): Promise<IdentityGone> =>
	answer(http.DELETE('/api/v1/accounts/{id}/identity', { params: { path: { id } } }));

export const accountHealth = (id: string): Promise<Health> =>
	answer(http.GET('/api/v1/accounts/{id}/health', { params: { path: { id } } }));

/** Reads TikTok's lists once more; the account tells how far it is. */
export const fileHistory = (id: string): Promise<Account> =>
	answer(http.POST('/api/v1/accounts/{id}/history', { params: { path: { id } } }));

export const withheldMessages = (id: string, before?: string): Promise<Page<WithheldMessage>> =>
	answer(http.GET('/api/v1/accounts/{id}/withheld-messages', { params: { path: { id }, query: { before, limit: 20 } } })) as Promise<Page<WithheldMessage>>;

/** Tells TikTok to send this app's messages here. */
export const setWebhook = (): Promise<unknown> => answer(http.POST('/api/v1/webhook'));

export const changeRules = (id: string, ruleSet: RuleSet): Promise<Account> =>
	answer(http.PATCH('/api/v1/accounts/{id}', { params: { path: { id } }, body: { ruleSet } }));
