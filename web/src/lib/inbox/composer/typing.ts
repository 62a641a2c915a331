// Whether a person types a reply: then colleagues, and the customer, may see it. Texts that are loaded or pasted are not typed.

/** So often the gateway is told at most; it tells TikTok less often still. */
const EVERY_MS = 1500;

/** Kinds of input that come from somewhere else than from somebody's fingers. */
const NOT_TYPED: readonly string[] = ['insertFromPaste', 'insertFromDrop', 'insertFromYank', 'historyUndo', 'historyRedo'];

export function isTyped(inputType: string, text: string): boolean {
	return /^(insert|delete)/.test(inputType) && !NOT_TYPED.includes(inputType) && text.trim() !== '';
}

/** Calls `tell` at most every 1.5 s for one conversation. */
export function typist(tell: (conversationId: string) => void, now: () => number = Date.now): (conversationId: string) => void {
	let last: { id: string; at: number } | null = null;
	return (id) => {
		const at = now();
		if (last && last.id === id && at - last.at < EVERY_MS) return;
		last = { id, at };
		tell(id);
	};
}
