// Workspaces of Respond.io: their tokens go in and never come out.
import { answer, http } from './client';
import type { Account, Page, Space } from './types';

export const listSpaces = (): Promise<Page<Space>> => answer(http.GET('/api/v1/respondio/spaces')) as Promise<Page<Space>>;

export const addSpace = (token: string): Promise<Space> =>
	answer(http.POST('/api/v1/respondio/spaces', { body: { token } })) as Promise<Space>;

/** Its channels as Respond.io lists them now. */
export const lookAtSpace = (id: string): Promise<Space> =>
	answer(http.GET('/api/v1/respondio/spaces/{id}', { params: { path: { id } } })) as Promise<Space>;

export const replaceToken = (id: string, token: string): Promise<Space> =>
	answer(http.PUT('/api/v1/respondio/spaces/{id}/token', { params: { path: { id } }, body: { token } })) as Promise<Space>;

export const connectChannel = (id: string, channelId: string): Promise<Account> =>
	answer(http.POST('/api/v1/respondio/spaces/{id}/accounts', { params: { path: { id } }, body: { channelId } })) as Promise<Account>;

/** Brings over everything that Respond.io keeps; `history` of the space shows how far it is. */
export const askHistory = (id: string): Promise<Space> =>
	answer(http.POST('/api/v1/respondio/spaces/{id}/history', { params: { path: { id } } })) as Promise<Space>;

export const removeSpace = (id: string): Promise<unknown> =>
	answer(http.DELETE('/api/v1/respondio/spaces/{id}', { params: { path: { id } } }));
