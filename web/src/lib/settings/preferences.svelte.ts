// What this browser remembers for its user. Nothing here leaves the browser.

function read(key: string, otherwise: boolean): boolean {
	const value = localStorage.getItem(key);
	return value === null ? otherwise : value === 'true';
}

class Preferences {
	#enterSends = $state(read('enter-sends', false));
	#details = $state(read('details-open', true));

	/** Enter sends and Shift+Enter breaks the line; otherwise Ctrl+Enter sends. */
	get enterSends(): boolean {
		return this.#enterSends;
	}
	set enterSends(value: boolean) {
		this.#enterSends = value;
		localStorage.setItem('enter-sends', String(value));
	}

	/** The right panel of the inbox on a wide screen. */
	get detailsOpen(): boolean {
		return this.#details;
	}
	set detailsOpen(value: boolean) {
		this.#details = value;
		localStorage.setItem('details-open', String(value));
	}
}

export const preferences = new Preferences();
