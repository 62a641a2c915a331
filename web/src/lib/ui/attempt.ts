// Runs what a button promised; a refusal becomes a notice in plain words.
import { isSignedOut } from '$lib/api/problem';
import { reason } from '$lib/i18n/problems';
import { m } from '$lib/paraglide/messages';
import { toasts } from '$lib/ui/toasts.svelte';

export async function attempt(action: () => Promise<void>): Promise<boolean> {
	try {
		await action();
		return true;
	} catch (error) {
		if (!isSignedOut(error)) toasts.bad(m.toast_not_done({ reason: reason(error) }));
		return false;
	}
}
