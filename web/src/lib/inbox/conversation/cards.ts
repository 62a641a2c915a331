// Which card a tap answered. TikTok names a message with the tap and does not say which, so both are tried: the message it
// names, and the newest card before it that has the button. Pure.
import type { Message } from '$lib/api/types';
import { contentOf } from '../content';

/** The question that was answered; null where the card is not loaded. */
export function answeredQuestion(message: Message, thread: readonly Message[]): string | null {
	const tap = message.answeredCard;
	if (!tap) return null;
	const cards = thread.filter((one) => one.direction === 'outgoing' && one.message.type === 'template');
	const named = cards.find((one) => tap.providerMessageId !== null && one.providerMessageId === tap.providerMessageId);
	const before = (one: Message) => Date.parse(one.timestamp) <= Date.parse(message.timestamp);
	const card = named ?? cards.findLast((one) => before(one) && hasButton(one, tap.buttonId));
	const content = card ? contentOf(card) : null;
	return content?.kind === 'template' ? content.title || null : null;
}

function hasButton(card: Message, id: string | null): boolean {
	const content = contentOf(card);
	return id !== null && content.kind === 'template' && content.buttons.some((b) => b.id === id);
}
