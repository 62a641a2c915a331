// Short notices at the bottom, with an undo where there is one.

export interface Toast {
	id: number;
	text: string;
	tone: 'plain' | 'bad';
	undo: (() => void) | null;
}

const SHOWN_MS = 6000;

class Toasts {
	all = $state<Toast[]>([]);
	#next = 1;

	show(text: string, undo: (() => void) | null = null, tone: Toast['tone'] = 'plain'): void {
		const id = this.#next++;
		this.all = [...this.all.slice(-2), { id, text, tone, undo }];
		setTimeout(() => this.dismiss(id), SHOWN_MS);
	}

	bad(text: string): void {
		this.show(text, null, 'bad');
	}

	dismiss(id: number): void {
		this.all = this.all.filter((t) => t.id !== id);
	}

	/** Undoes the latest thing that can be undone; false when there is none. */
	undoLast(): boolean {
		const last = this.all.findLast((t) => t.undo);
		if (!last) return false;
		this.dismiss(last.id);
		last.undo?.();
		return true;
	}
}

export const toasts = new Toasts();
