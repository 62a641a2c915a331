// What providers are called.
import type { Provider } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

const names: Record<Provider, () => string> = { official: m.sid_tiktok, respondio: m.acc_respondio, thirdparty: m.acc_thirdparty, login: m.acc_identity_only };

export const providerName = (provider: Provider): string => names[provider]();
