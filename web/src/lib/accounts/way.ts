// By which way an account's messages come and go, as the accounts page says it.
import type { Account } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

export function wayOf(account: Account): { name: string; text: string } {
	if (account.identityOnly) return { name: m.acc_identity_only(), text: m.acc_identity_sub() };
	if (account.provider === 'respondio') return { name: m.acc_respondio(), text: m.acc_respondio_sub() };
	if (account.provider === 'official') return { name: m.acc_official(), text: m.acc_official_sub() };
	return { name: m.acc_thirdparty(), text: account.canSend ? m.acc_thirdparty_both() : m.acc_thirdparty_sub() };
}
