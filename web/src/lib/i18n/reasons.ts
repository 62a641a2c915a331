// Why an account, an identity or a workspace of Respond.io does not work, in the reader's language. The gateway keeps one English
// sentence of it; tests/reasons.test.ts holds these against its source.
import { m } from '$lib/paraglide/messages';

export const reasons: Record<string, () => string> = {
	'Disconnected here': m.why_disconnected,
	'Disconnected here; the permission was given back to TikTok': m.why_disconnected_revoked,
	"Disconnected here; TikTok did not confirm it, so remove the app in TikTok's settings as well": m.why_disconnected_unsure,
	'Its Respond.io workspace was removed here; delete the access token there as well': m.why_space_removed,
	'The account holder disconnected the app in TikTok': m.why_user_disconnected,
	'The TikTok account was deleted': m.why_deleted,
	'The age of the TikTok account was changed': m.why_age,
	'TikTok banned the account': m.why_banned,
	"The app's access was revoked": m.why_revoked,
	'TikTok ended the authorization without saying why': m.why_unsaid,
	"TikTok no longer accepts this account's authorization; connect it again": m.why_not_accepted,
	'TikTok refuses the sign-in; connect the account again': m.why_sign_in,
	'Respond.io no longer accepts the access token; put a new one under Accounts': m.why_token,
	'Respond.io no longer accepts the access token; put a new one': m.why_token,
	'Respond.io does not let this workspace use its API: that takes the Growth plan or a higher one': m.why_plan,
	'Not connected': m.why_not_connected
};

/** A sentence with something in it, such as the permissions, stays in the gateway's words: `lang` says so to whoever reads it aloud. */
export function told(reason: string | null | undefined): { text: string; lang: 'en' | undefined } {
	const known = reason && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
	return known ? { text: known(), lang: undefined } : { text: reason ?? '', lang: 'en' };
}
