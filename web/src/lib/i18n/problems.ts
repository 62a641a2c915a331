// A failed call in the reader's language: a short clause that fits after "Not done:".
import { ApiProblem, Unreachable } from '$lib/api/problem';
import { m } from '$lib/paraglide/messages';

const known: Record<string, (p: ApiProblem) => string> = {
	forbidden: () => m.problem_forbidden(),
	'not-found': () => m.problem_not_found(),
	'too-many-requests': () => m.problem_too_many(),
	unavailable: () => m.problem_unavailable(),
	'not-retryable': () => m.problem_not_retryable(),
	'image-not-allowed': () => m.problem_image(),
	'window-closed': () => m.fail_window_closed(),
	'quota-spent': () => m.fail_quota_spent(),
	'account-disconnected': () => m.fail_account_disconnected(),
	'comment-answered': () => m.problem_comment_answered(),
	'not-at-tiktok': () => m.problem_not_at_tiktok(),
	'provider-refused': (p) => (p.extras.code ? m.problem_refused_code({ detail: p.detail, code: String(p.extras.code) }) : m.problem_refused({ detail: p.detail })),
	'provider-unavailable': (p) => m.problem_provider({ detail: p.detail }),
	'text-too-long': (p) => m.problem_too_long({ limit: String(p.extras.limit ?? 6000) })
};

export function reason(error: unknown): string {
	if (error instanceof Unreachable) return m.problem_unreachable();
	if (error instanceof ApiProblem) return known[error.slug]?.(error) ?? (error.detail || error.title);
	throw error;
}
