// Who is signed in, for everything inside the shell. Set once by the shell's layout.
import type { Session } from '$lib/api/types';

class Current {
	#session = $state.raw<Session | null>(null);

	set(session: Session | null): void {
		this.#session = session;
	}

	get session(): Session {
		if (!this.#session) throw new Error('invariant: the shell is drawn only with a session');
		return this.#session;
	}

	get isAdmin(): boolean {
		return this.session.role === 'owner' || this.session.role === 'admin';
	}
}

export const current = new Current();
