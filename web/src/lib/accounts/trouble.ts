// Why connecting failed, by the slug that the gateway puts into the address, and whether trying again can help.
import { m } from '$lib/paraglide/messages';

const KNOWN: Record<string, { text: () => string; again: boolean }> = {
	'not-configured': { text: m.acc_err_not_configured, again: false },
	'link-expired': { text: m.acc_err_link_expired, again: true },
	'access-denied': { text: m.acc_err_access_denied, again: true },
	'invalid-scope': { text: m.acc_err_invalid_scope, again: true },
	'personal-account': { text: m.acc_err_personal_account, again: true },
	'another-account': { text: m.acc_err_another_account, again: false },
	'another-username': { text: m.acc_err_another_username, again: false },
	'belongs-to-another-workspace': { text: m.acc_err_belongs_to_another_workspace, again: false },
	'code-refused': { text: m.acc_err_code_refused, again: true },
	'app-refused': { text: m.acc_err_app_refused, again: false },
	'redirect-mismatch': { text: m.acc_err_redirect_mismatch, again: false },
	'not-approved': { text: m.acc_err_not_approved, again: false },
	'tiktok-unavailable': { text: m.acc_err_tiktok_unavailable, again: true },
	unavailable: { text: m.acc_err_unavailable, again: true }
};

/** What an identity says instead: Login Kit has an app and a portal of its own. */
const OF_LOGIN: Record<string, () => string> = {
	'not-configured': m.acc_err_login_not_configured,
	'invalid-scope': m.acc_err_login_invalid_scope,
	'app-refused': m.acc_err_login_app_refused,
	'redirect-mismatch': m.acc_err_login_redirect_mismatch,
	'not-approved': m.acc_err_login_not_approved
};

/** The sentence for one slug. An unknown slug comes from the address bar: it is not repeated. */
export function connectTrouble(slug: string, login: boolean): { text: string; again: boolean } {
	const known = Object.hasOwn(KNOWN, slug) ? KNOWN[slug] : undefined;
	if (!known) return { text: '', again: true };
	const text = login && Object.hasOwn(OF_LOGIN, slug) ? OF_LOGIN[slug] : known.text;
	return { text: (text ?? known.text)(), again: known.again };
}
