// The account's own posts, asked of TikTok through the gateway: an answer takes a moment.
import { answer, http } from './client';
import type { Page, Post } from './types';

export const listPosts = (accountId: string, cursor: string | null): Promise<Page<Post>> =>
	answer(http.GET('/api/v1/accounts/{id}/posts', { params: { path: { id: accountId }, query: cursor ? { cursor } : {} } })) as Promise<Page<Post>>;
