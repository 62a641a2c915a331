// The automation of the account on the page. TikTok is the source of truth: after every change, and whenever a webhook
// told of one, everything is read again. Reads that are asked for while one runs become one more.
import { readAutomation, readHistory } from '$lib/api/automation';
import { isSignedOut } from '$lib/api/problem';
import type { AutoMessageEvent, Automation } from '$lib/api/types';
import { joined } from './words';

export class AutomationView {
	account = $state<string | null>(null);
	/** As TikTok has it; null until it answered. */
	held = $state.raw<Automation | null>(null);
	/** Why the last read failed. */
	trouble = $state.raw<unknown>(null);
	history = $state.raw<AutoMessageEvent[]>([]);
	historyTrouble = $state.raw<unknown>(null);
	historyLoaded = $state(false);
	/** Cursor of earlier entries; null when all are here. */
	earlier = $state.raw<string | null>(null);

	#running: Promise<void> | null = null;
	#again = false;

	/** Shows another account. */
	open(account: string): void {
		if (this.account === account) return;
		this.account = account;
		this.held = this.trouble = this.historyTrouble = this.earlier = null;
		this.history = [];
		this.historyLoaded = false;
		void this.reload();
	}

	/** Reads everything again; resolves when what is shown was asked for after the call. */
	reload(): Promise<void> {
		if (!this.account) return Promise.resolve();
		this.#again = true;
		return (this.#running ??= this.#run(this.account));
	}

	async more(): Promise<void> {
		const { account, earlier } = this;
		if (!account || !earlier) return;
		const page = await readHistory(account, earlier);
		if (this.account !== account) return;
		this.history = joined(this.history, page.items);
		this.earlier = page.next;
	}

	async #run(account: string): Promise<void> {
		while (this.#again) {
			this.#again = false;
			await Promise.all([this.#read(account), this.#hear(account)]);
			account = this.account ?? account;
		}
		this.#running = null;
	}

	async #read(account: string): Promise<void> {
		try {
			const read = await readAutomation(account);
			if (this.account !== account) return;
			this.held = read;
			this.trouble = null;
		} catch (error) {
			if (this.account === account && !isSignedOut(error)) this.trouble = error;
		}
	}

	async #hear(account: string): Promise<void> {
		try {
			const page = await readHistory(account, null);
			if (this.account !== account) return;
			if (!this.historyLoaded) this.earlier = page.next;
			this.history = joined(this.history, page.items);
			this.historyLoaded = true;
			this.historyTrouble = null;
		} catch (error) {
			if (this.account === account && !isSignedOut(error)) this.historyTrouble = error;
		}
	}
}
