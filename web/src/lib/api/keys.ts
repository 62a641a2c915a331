// API keys. The secret is in the answer of `createKey` and nowhere else, ever.
import { answer, http } from './client';
import type { ApiKey, ApiKeyCreated, ApiKeyScope, Page } from './types';

export const listKeys = (): Promise<Page<ApiKey>> => answer(http.GET('/api/v1/api-keys')) as Promise<Page<ApiKey>>;

export const createKey = (name: string, scope: ApiKeyScope): Promise<ApiKeyCreated> =>
	answer(http.POST('/api/v1/api-keys', { body: { name, scope } })) as Promise<ApiKeyCreated>;

export const revokeKey = (id: string): Promise<unknown> =>
	answer(http.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }));
