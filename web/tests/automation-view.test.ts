import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Automation } from '../src/lib/api/types';

const asked: { id: string; answer: (enabled: boolean) => void; fail: (error: unknown) => void }[] = [];
const as = (enabled: boolean): Automation => ({ kinds: [], commentToMessage: { enabled, unavailable: null } });

vi.mock('$lib/api/automation', () => ({
	readAutomation: (id: string) =>
		new Promise<Automation>((done, fail) => asked.push({ id, answer: (enabled) => done(as(enabled)), fail })),
	readHistory: async () => ({ items: [], next: null })
}));

const { AutomationView } = await import('../src/lib/automation/automation.svelte');

/** Lets what was answered be taken. */
const taken = () => new Promise((done) => setTimeout(done));

describe('the automation of an account', () => {
	beforeEach(() => void (asked.length = 0));

	it('is read once more after a burst of news, not once for each', async () => {
		const view = new AutomationView();
		view.open('acc_1');
		const reloads = [view.reload(), view.reload(), view.reload()];
		expect(asked.length).toBe(1);
		asked[0]!.answer(false);
		await taken();
		expect(asked.length).toBe(2);
		asked[1]!.answer(true);
		await Promise.all(reloads);
		expect(asked.length).toBe(2);
		expect(view.held?.commentToMessage.enabled).toBe(true);
	});

	it('never shows the answer of another account', async () => {
		const view = new AutomationView();
		view.open('acc_1');
		view.open('acc_2');
		asked[0]!.answer(false);
		await taken();
		expect(view.held).toBe(null);
		expect(asked.map((one) => one.id)).toEqual(['acc_1', 'acc_2']);
		asked[1]!.answer(true);
		await taken();
		expect(view.held?.commentToMessage.enabled).toBe(true);
	});

	it('keeps what it has when a read fails, and says so', async () => {
		const view = new AutomationView();
		view.open('acc_1');
		asked[0]!.answer(true);
		await taken();
		void view.reload();
		const error = new Error('no answer');
		asked[1]!.fail(error);
		await taken();
		expect([view.held?.commentToMessage.enabled, view.trouble]).toEqual([true, error]);
	});
});
