// A conversation as the list of things drawn in it: day headings, messages, replies still leaving, ways in.
// Pure, so that grouping is tested without a browser.
import type { Message, Referral } from '$lib/api/types';
import { dayKey } from '$lib/i18n/time';
import type { OutgoingReply } from '../outgoing.svelte';

export type ThreadItem =
	| { kind: 'day'; key: string; at: string }
	| { kind: 'message'; key: string; message: Message; joined: boolean }
	| { kind: 'reply'; key: string; reply: OutgoingReply; joined: boolean }
	| { kind: 'referral'; key: string; referral: Referral }
	| { kind: 'beginning'; key: string };

/** Messages of one author this close together share one line of meta. */
const JOIN_MS = 3 * 60_000;

interface Entry {
	at: string;
	who: string;
	/** States that must speak for themselves never share a line. */
	loud: boolean;
	item: ThreadItem;
}

function who(message: Message): string {
	return `${message.direction}/${message.author.kind}/${message.author.id ?? message.author.name ?? ''}/${message.status === 'received' ? '' : message.status}`;
}

function isLoud(message: Message): boolean {
	return ['failed', 'unconfirmed', 'queued', 'sending'].includes(message.status) || message.reactions.length > 0;
}

/** True when `a` needs no line of its own because `b` follows closely and says the same. */
function joins(a: Entry, b: Entry | undefined): boolean {
	return (
		b !== undefined &&
		!a.loud &&
		a.who === b.who &&
		dayKey(a.at) === dayKey(b.at) &&
		Math.abs(Date.parse(b.at) - Date.parse(a.at)) <= JOIN_MS
	);
}

/** Puts each way in before what was said in its second or later; what lies before the loaded page comes with its page. */
function withReferrals(said: readonly Entry[], referrals: readonly Referral[], complete: boolean): Entry[] {
	const first = said[0] ? Date.parse(said[0].at) : Infinity;
	const marks = referrals
		.filter((r) => r.dated && (complete || Date.parse(r.at) >= first))
		.map((referral): Entry => ({ at: referral.at, who: 'referral', loud: true, item: { kind: 'referral', key: `${referral.key} ${referral.at}`, referral } }));
	return [...marks.reverse(), ...said].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export function threadItems(
	messages: readonly Message[],
	replies: readonly OutgoingReply[],
	complete: boolean,
	keyOf: (id: string) => string = (id) => id,
	referrals: readonly Referral[] = []
): ThreadItem[] {
	const said: Entry[] = messages.map((message) => ({
		at: message.timestamp,
		who: who(message),
		loud: isLoud(message),
		item: { kind: 'message', key: keyOf(message.id), message, joined: false }
	}));
	const entries = withReferrals(said, referrals, complete);
	for (const reply of replies) {
		entries.push({ at: reply.createdAt, who: 'reply', loud: true, item: { kind: 'reply', key: reply.key, reply, joined: false } });
	}
	const items: ThreadItem[] = complete ? [{ kind: 'beginning', key: 'beginning' }] : [];
	let day = '';
	entries.forEach((entry, i) => {
		const today = dayKey(entry.at);
		if (today !== day) items.push({ kind: 'day', key: `day-${today}${entry.item.kind === 'reply' ? '-reply' : ''}`, at: entry.at });
		day = today;
		if (entry.item.kind === 'message') entry.item.joined = joins(entry, entries[i + 1]);
		items.push(entry.item);
	});
	return items;
}
