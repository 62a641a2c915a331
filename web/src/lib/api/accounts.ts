// Connected TikTok accounts.
import { answer, http } from './client';
import type { Account, Page } from './types';

export const listAccounts = (): Promise<Page<Account>> =>
	answer(http.GET('/api/v1/accounts')) as Promise<Page<Account>>;

export const disconnectAccount = (id: string): Promise<unknown> =>
	answer(http.POST('/api/v1/accounts/{id}/disconnect', { params: { path: { id } } }));
