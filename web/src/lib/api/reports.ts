// Figures over many conversations.
import { answer, http } from './client';
import type { Costs } from './types';

/** `prices`: pairs such as `respondio-growth=189,thb=34.5`. */
export const readCosts = (contacts: number | null, prices: string): Promise<Costs> =>
	answer(
		http.GET('/api/v1/reports/costs', {
			params: { query: { ...(contacts === null ? {} : { contacts }), ...(prices ? { prices } : {}) } }
		})
	) as Promise<Costs>;
