// The dashboard's one timer. Every chip, ring and relative time reads `clock.now`.

const STEP_MS = 10_000;

class Clock {
	/** Milliseconds since 1970, at most ten seconds old. */
	now = $state(Date.now());
	#timer: ReturnType<typeof setInterval> | undefined;

	/** Starts ticking; returns the stop function. Background tabs catch up when shown again. */
	start(): () => void {
		const tick = () => (this.now = Date.now());
		tick();
		this.#timer = setInterval(tick, STEP_MS);
		document.addEventListener('visibilitychange', tick);
		return () => {
			clearInterval(this.#timer);
			document.removeEventListener('visibilitychange', tick);
		};
	}
}

export const clock = new Clock();
