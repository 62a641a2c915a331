// The token of a one-time link, held in memory only and taken out of the address bar and history.

class LinkToken {
	#token: string | null = null;

	/** The token of this visit; null when the address carried none. */
	take(): string | null {
		const fragment = location.hash.replace(/^#/, '');
		if (fragment) {
			this.#token = new URLSearchParams(fragment).get('token') ?? decodeURIComponent(fragment);
			history.replaceState(history.state, '', location.pathname + location.search);
		}
		return this.#token;
	}
}

export const linkToken = new LinkToken();
