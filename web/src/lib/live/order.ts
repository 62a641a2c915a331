// The two orders of the dashboard, as plain functions: messages inside a conversation by time and id,
// payloads of one thing by `seq`. `seq` is never an order between things.
import type { Message } from '$lib/api/types';

/** A payload is news when nothing is held, or what is held is older. */
export function isNews(held: { seq: number } | undefined, seq: number): boolean {
	return held === undefined || seq > held.seq;
}

export function compareMessages(a: Message, b: Message): number {
	const byTime = Date.parse(a.timestamp) - Date.parse(b.timestamp);
	if (byTime !== 0) return byTime;
	return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Puts one message into an ordered list; the same id is replaced, also when its time changed. */
export function insertMessage(list: readonly Message[], message: Message): Message[] {
	const rest = list.filter((m) => m.id !== message.id);
	let at = rest.length;
	while (at > 0 && compareMessages(rest[at - 1]!, message) > 0) at--;
	return [...rest.slice(0, at), message, ...rest.slice(at)];
}

/** Merges a page into an ordered list; of two versions of a message the newer `seq` stays. */
export function mergeMessages(list: readonly Message[], page: readonly Message[]): Message[] {
	const byId = new Map(list.map((m) => [m.id, m]));
	for (const m of page) if (isNews(byId.get(m.id), m.seq)) byId.set(m.id, m);
	return [...byId.values()].sort(compareMessages);
}
