// What the connection bar shows: is the browser offline, is the gateway silent, what came back.

export type Link = 'starting' | 'online' | 'unreachable' | 'offline';

class Connection {
	link = $state<Link>('starting');
	/** When the last word from the gateway came, for "last update". */
	lastHeard = $state(Date.now());
	/** Events replayed after the last interruption; null hides the notice. */
	recovered = $state<number | null>(null);
	/** Set by the socket: try again now instead of at the next step. */
	retry: () => void = () => {};
	#hide: ReturnType<typeof setTimeout> | undefined;

	heard(): void {
		this.lastHeard = Date.now();
	}

	/** Shows "Back, n events replayed" for six seconds. */
	announceRecovery(replayed: number): void {
		this.recovered = replayed;
		clearTimeout(this.#hide);
		this.#hide = setTimeout(() => (this.recovered = null), 6000);
	}

	dismiss(): void {
		clearTimeout(this.#hide);
		this.recovered = null;
	}
}

export const connection = new Connection();
