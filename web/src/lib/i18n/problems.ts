// A failed call in the reader's language: a short clause that fits after "Not done:".
import { ApiProblem, Unreachable } from '$lib/api/problem';
import { fixOf } from './causes';
import { m } from '$lib/paraglide/messages';

/** With who can mend it, where the gateway says so. */
const mended = (words: string, { extras }: ApiProblem) =>
	typeof extras.cause === 'string' ? `${words} ${fixOf(extras.cause, String(extras.action ?? ''))}` : words;

const known: Record<string, (p: ApiProblem) => string> = {
	forbidden: () => m.problem_forbidden(),
	'not-found': () => m.problem_not_found(),
	'too-many-requests': () => m.problem_too_many(),
	unavailable: () => m.problem_unavailable(),
	'not-retryable': () => m.problem_not_retryable(),
	'image-not-allowed': () => m.problem_image(),
	'picture-unreachable': () => m.problem_picture_unreachable(),
	'not-at-side': () => m.problem_not_at_side(),
	'token-refused': () => m.problem_token_refused(),
	'plan-without-api': () => m.why_plan(),
	'cant-merge': () => m.problem_cant_merge(),
	'provider-cannot-send': () => m.problem_cannot_send(),
	conflict: () => m.problem_conflict(),
	timeout: () => m.problem_timeout(),
	internal: () => m.problem_internal(),
	'window-closed': () => m.fail_window_closed(),
	'quota-spent': () => m.fail_quota_spent(),
	'account-disconnected': () => m.fail_account_disconnected(),
	'account-paused': () => m.msg_paused(),
	'comment-answered': () => m.problem_comment_answered(),
	'not-at-tiktok': () => m.problem_not_at_tiktok(),
	'provider-refused': (p) => mended(p.extras.code ? m.problem_refused_code({ detail: p.detail, code: String(p.extras.code) }) : m.problem_refused({ detail: p.detail }), p),
	'provider-unavailable': (p) => (p.extras.provider === 'respondio' ? m.problem_respondio : m.problem_provider)({ detail: p.detail }),
	'not-quotable': () => m.problem_not_quotable(),
	'text-too-long': (p) => m.problem_too_long({ limit: String(p.extras.limit ?? 6000) })
};

export function reason(error: unknown): string {
	if (error instanceof Unreachable) return m.problem_unreachable();
	if (error instanceof ApiProblem) return known[error.slug]?.(error) ?? (error.detail || error.title);
	throw error;
}
