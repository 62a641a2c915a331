// The inbox's single-letter keys. They rest while someone types or a menu or dialog is open.

export interface KeyActions {
	move: (step: 1 | -1) => void;
	open: () => void;
	reply: () => void;
	quote: () => void;
	close: () => void;
	assign: () => void;
	undo: () => void;
	find: () => void;
	help: () => void;
	escape: () => void;
}

function isTyping(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function inboxKeys(actions: KeyActions): (e: KeyboardEvent) => void {
	const keys: Record<string, () => void> = {
		j: () => actions.move(1),
		k: () => actions.move(-1),
		r: actions.reply,
		q: actions.quote,
		e: actions.close,
		a: actions.assign,
		z: actions.undo,
		'/': actions.find,
		'?': actions.help
	};
	return (e) => {
		if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
		if (document.querySelector('[role="dialog"], [role="menu"]')) return;
		if (e.key === 'Escape') {
			if (isTyping(e.target)) (e.target as HTMLElement).blur();
			else actions.escape();
			return;
		}
		if (isTyping(e.target)) return;
		if (e.key === 'Enter') {
			// Buttons and links keep their own Enter.
			if (!(e.target as HTMLElement).closest?.('a, button')) actions.open();
			return;
		}
		// `code` keeps the keys where they are under a Thai layout.
		const byCode = /^Key([A-Z])$/.exec(e.code)?.[1]?.toLowerCase();
		const action = keys[e.key] ?? (byCode && !e.shiftKey ? keys[byCode] : undefined) ?? (e.code === 'Slash' ? keys[e.shiftKey ? '?' : '/'] : undefined);
		if (!action) return;
		e.preventDefault();
		action();
	};
}
