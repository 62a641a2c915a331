// Connected TikTok accounts.
import { answer, http } from './client';
import type { Account, Health, Page, RuleSet } from './types';

export const listAccounts = (): Promise<Page<Account>> =>
	answer(http.GET('/api/v1/accounts')) as Promise<Page<Account>>;

export const disconnectAccount = (id: string): Promise<unknown> =>
	answer(http.POST('/api/v1/accounts/{id}/disconnect', { params: { path: { id } } }));

export const accountHealth = (id: string): Promise<Health> =>
	answer(http.GET('/api/v1/accounts/{id}/health', { params: { path: { id } } }));

/** Tells TikTok to send this app's messages here. */
export const setWebhook = (): Promise<unknown> => answer(http.POST('/api/v1/webhook'));

export const changeRules = (id: string, ruleSet: RuleSet): Promise<Account> =>
	answer(http.PATCH('/api/v1/accounts/{id}', { params: { path: { id } }, body: { ruleSet } }));
