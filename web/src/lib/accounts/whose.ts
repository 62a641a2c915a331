// Which accounts an identity can be: those that carry messages, have none yet, and are not known by another username.
import type { Account } from '$lib/api/types';
import { store } from '$lib/live/store.svelte';

const fits = (identity: Account, messages: Account) =>
	!messages.identityOnly &&
	messages.identity === null &&
	messages.state !== 'disconnected' &&
	(!identity.username || !messages.username || identity.username.toLowerCase() === messages.username.toLowerCase());

/** What an identity can be, in the order of the page. */
export function couldBe(identity: Account): Account[] {
	return identity.state === 'disconnected' ? [] : [...store.accounts.values()].filter((one) => fits(identity, one));
}

/** The identities that nobody has given to an account yet, and that can be this one. */
export function couldTell(messages: Account): Account[] {
	return [...store.accounts.values()].filter((one) => one.identityOnly && one.state !== 'disconnected' && fits(one, messages));
}
