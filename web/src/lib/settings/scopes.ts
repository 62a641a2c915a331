// What each scope of an API key allows, in words.
import type { ApiKeyScope } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

export const scopeWords: Record<ApiKeyScope, { name: () => string; text: () => string }> = {
	read: { name: m.set_keys_read, text: m.set_keys_read_text },
	send: { name: m.set_keys_send, text: m.set_keys_send_text },
	admin: { name: m.set_keys_admin, text: m.set_keys_admin_text }
};
