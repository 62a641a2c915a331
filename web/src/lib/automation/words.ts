// What automatic messages are made of, and TikTok's limits (API for Business portal, read 2026-11). Pure.
import type { AutoMessageEvent, AutoMessageKind, AutoMessageWords } from '$lib/api/types';
import { utf16Length } from '$lib/inbox/composer/length';

/** Most messages of a kind per account. */
export const MOST: Record<AutoMessageKind, number> = { welcome: 1, suggested_question: 3, chat_prompt: 6 };

/** One text of a message, with its longest length in UTF-16 units. */
export interface Field {
	name: 'content' | 'question' | 'answer' | 'title';
	limit: number;
}

export const FIELDS: Record<AutoMessageKind, readonly Field[]> = {
	welcome: [{ name: 'content', limit: 250 }],
	suggested_question: [
		{ name: 'question', limit: 80 },
		{ name: 'answer', limit: 200 }
	],
	chat_prompt: [
		{ name: 'title', limit: 18 },
		{ name: 'content', limit: 150 }
	]
};

export type Texts = Partial<Record<Field['name'], string>>;

/** The texts of a message by field, for a form; empty ones for a new message. */
export function textsOf(kind: AutoMessageKind, words: AutoMessageWords | null): Texts {
	const held = (words ?? {}) as Texts;
	return Object.fromEntries(FIELDS[kind].map(({ name }) => [name, held[name] ?? '']));
}

/** What is sent: blanks at the ends are nobody's intention. */
export function wordsOf(kind: AutoMessageKind, texts: Texts): AutoMessageWords {
	const trimmed = FIELDS[kind].map(({ name }) => [name, (texts[name] ?? '').trim()]);
	return { kind, ...Object.fromEntries(trimmed) } as AutoMessageWords;
}

/** Why a text can't be sent, if it can't. */
export function trouble(text: string, limit: number): 'empty' | 'long' | null {
	const length = utf16Length(text.trim());
	if (length === 0) return 'empty';
	return length > limit ? 'long' : null;
}

/** What a person reads first of a message, and what follows. */
export function lines(words: AutoMessageWords): [string, string | null] {
	switch (words.kind) {
		case 'welcome':
			return [words.content, null];
		case 'suggested_question':
			return [words.question, words.answer];
		case 'chat_prompt':
			return [words.title, words.content];
	}
}

/** The ids with one moved up (-1) or down (+1); the same list when it stands at that end. */
export function moved(ids: readonly string[], id: string, by: -1 | 1): string[] {
	const from = ids.indexOf(id);
	const to = from + by;
	if (from < 0 || to < 0 || to >= ids.length) return [...ids];
	const next = [...ids];
	[next[from], next[to]] = [next[to]!, next[from]!];
	return next;
}

/** A page of the history joined with what is held: each entry once, latest first by TikTok's time. Webhooks keep no order. */
export function joined(held: readonly AutoMessageEvent[], page: readonly AutoMessageEvent[]): AutoMessageEvent[] {
	const all = new Map([...held, ...page].map((event) => [event.id, event]));
	// Ids grow with arrival: what was told at the same time keeps that order.
	return [...all.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1));
}

/** What an entry was about: its own words, else those of the newest earlier entry of the message that has some. */
export function wordsAt(history: readonly AutoMessageEvent[], index: number): AutoMessageWords | null {
	const event = history[index]!;
	if (event.words) return event.words;
	return history.slice(index + 1).find((one) => one.messageId === event.messageId && one.words)?.words ?? null;
}
