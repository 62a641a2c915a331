// What a question card is made of, and TikTok's limits (API for Business portal, send page, read 2026-11). Pure.
import type { OutgoingContent } from '$lib/api/types';
import { utf16Length } from './length';

export type CardStyle = 'button' | 'link';
export type CardContent = Extract<OutgoingContent, { type: 'template' }>;

export const TITLE_LIMIT = 40;
export const ID_LIMIT = 40;
export const BUTTONS_MOST = 3;
export const BUTTON_LIMIT: Record<CardStyle, number> = { button: 20, link: 40 };

export interface CardDraft {
	style: CardStyle;
	title: string;
	buttons: { title: string; id: string }[];
}

export const emptyCard = (): CardDraft => ({ style: 'button', title: '', buttons: [{ title: '', id: '' }] });

/** Why a part of a card can't be sent, if it can't. An id may be left out. */
export function partTrouble(text: string, limit: number, optional = false): 'empty' | 'long' | null {
	const length = utf16Length(text.trim());
	if (length === 0) return optional ? null : 'empty';
	return length > limit ? 'long' : null;
}

export function isWhole(card: CardDraft): boolean {
	const fits = card.buttons.every((b) => partTrouble(b.title, BUTTON_LIMIT[card.style]) === null && partTrouble(b.id, ID_LIMIT, true) === null);
	return fits && card.buttons.length >= 1 && card.buttons.length <= BUTTONS_MOST && partTrouble(card.title, TITLE_LIMIT) === null;
}

/** What is sent: blanks at the ends are nobody's intention. */
export function cardContent(card: CardDraft): CardContent {
	const buttons = card.buttons.map((b) => ({ title: b.title.trim(), ...(b.id.trim() ? { id: b.id.trim() } : {}) }));
	return { type: 'template', style: card.style, title: card.title.trim(), buttons };
}
