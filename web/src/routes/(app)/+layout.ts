// The signed-in part: without a session there is only the way to the sign-in page.
import { error, redirect } from '@sveltejs/kit';
import { isSignedOut } from '$lib/api/problem';
import { getSession } from '$lib/api/session';
import { current } from '$lib/shell/session.svelte';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ url }) => {
	const session = await getSession().catch((cause: unknown) => {
		if (isSignedOut(cause)) {
			const next = url.pathname + url.search;
			redirect(307, next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`);
		}
		error(503, 'The gateway does not answer');
	});
	current.set(session);
	return { session };
};
