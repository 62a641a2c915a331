// Flagged comments over REST. The socket announces each change.
import { answer, http } from './client';
import type { Comment, CommentState, Page } from './types';

export const listComments = (state: CommentState | null, before: string | null): Promise<Page<Comment>> =>
	answer(
		http.GET('/api/v1/comments', { params: { query: { ...(state ? { state } : {}), ...(before ? { before } : {}) } } })
	) as Promise<Page<Comment>>;

/** The key makes a repeat after a lost answer harmless. `again`: an unconfirmed answer once more, in the same words. */
export const answerComment = (id: string, text: string, key: string, again: boolean): Promise<Comment> =>
	answer(
		http.POST('/api/v1/comments/{id}/answer', {
			params: { path: { id }, header: { 'Idempotency-Key': key } },
			body: { text, again }
		})
	) as Promise<Comment>;
