// Everything that can keep a call to TikTok from succeeding, in the reader's language: the gateway's one table by its names.
import { m } from '$lib/paraglide/messages';

interface Words {
	cause: () => string;
	fix?: () => string;
}

/** By the failure's `cause`; problems that are no message yet come under their slug. */
const causes: Record<string, Words> = {
	'window-closed': { cause: m.fail_window_closed, fix: m.fix_customer },
	'quota-spent': { cause: m.fail_quota_spent, fix: m.fix_customer },
	'dm-rule': { cause: m.fail_dm_rule, fix: m.fix_customer },
	'too-fast': { cause: m.fail_too_fast, fix: m.fix_too_fast },
	'account-disconnected': { cause: m.fail_account_disconnected, fix: m.fix_reconnect },
	'sign-in-refused': { cause: m.fail_sign_in_refused, fix: m.fix_reconnect },
	'not-permitted': { cause: m.fail_not_permitted, fix: m.fix_permission },
	'app-not-approved': { cause: m.fail_app_not_approved, fix: m.fix_approval },
	'app-refused': { cause: m.fail_app_refused, fix: m.fix_secret },
	'invalid-request': { cause: m.fail_invalid_request, fix: m.fix_request },
	gone: { cause: m.fail_gone, fix: m.fix_gone },
	'file-refused': { cause: m.fail_file_refused, fix: m.fix_file },
	'file-ended': { cause: m.fail_file_ended, fix: m.fix_send_again },
	'not-sendable': { cause: m.fail_not_sendable, fix: m.fix_rewrite },
	duplicate: { cause: m.fail_duplicate, fix: m.fix_duplicate },
	blocked: { cause: m.fail_blocked, fix: m.fix_blocked },
	bug: { cause: m.fail_bug, fix: m.fix_report },
	refused: { cause: m.fail_refused, fix: m.fix_ask_tiktok },
	'rate-limited': { cause: m.fail_rate_limited, fix: m.fix_wait },
	'daily-limit': { cause: m.fail_daily_limit, fix: m.fix_wait },
	'write-conflict': { cause: m.fail_conflict, fix: m.fix_wait },
	maintenance: { cause: m.fail_maintenance, fix: m.fix_wait },
	'provider-error': { cause: m.fail_provider_error, fix: m.fix_wait },
	'tiktok-failed': { cause: m.fail_internal, fix: m.fix_look },
	'partly-done': { cause: m.fail_partial, fix: m.fix_look },
	'unknown-code': { cause: m.fail_unknown_code, fix: m.fix_look },
	'answer-lost': { cause: m.msg_unconfirmed_text, fix: m.fix_look },
	'not-delivered': { cause: m.fail_not_delivered, fix: m.fix_send_again },
	cancelled: { cause: m.fail_cancelled },
	held: { cause: m.fail_held },
	timeout: { cause: m.fail_timeout }
};

/** The plain cause of a failure or a problem; what TikTok said verbatim comes after it. */
export function causeOf(cause: string, title: string): string {
	return causes[cause]?.cause() ?? title;
}

/** Who can mend it, and how. A cause that this page does not know yet comes in the gateway's own words. */
export function fixOf(cause: string, action: string): string {
	const known = causes[cause];
	return known ? (known.fix?.() ?? '') : `${action}.`;
}
