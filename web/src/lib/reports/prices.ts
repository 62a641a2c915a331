// Prices that the reader knows better. They stay in this browser; COST_PRICES changes them for everybody.

const KEY = 'cost-prices';

export type OwnPrices = Record<string, number>;

export function ownPrices(): OwnPrices {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
		const pairs = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
		return Object.fromEntries(pairs.filter((pair): pair is [string, number] => isPrice(pair[1])));
	} catch {
		return {};
	}
}

export function keepPrices(prices: OwnPrices) {
	localStorage.setItem(KEY, JSON.stringify(prices));
}

/** As the API wants them. */
export const asQuery = (prices: OwnPrices): string =>
	Object.entries(prices)
		.map(([name, amount]) => `${name}=${amount.toFixed(2)}`)
		.join(',');

/** What was typed, or null when it is no price. A decimal comma is one. */
export function readPrice(text: string): number | null {
	const trimmed = text.trim().replace(',', '.');
	if (!/^\d{1,7}(\.\d{1,2})?$/.test(trimmed)) return null;
	const price = Number(trimmed);
	return isPrice(price) ? price : null;
}

const isPrice = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1_000_000;
