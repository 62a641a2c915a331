import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Comment, CommentState, Page } from '../src/lib/api/types';
import { Comments, isToDo } from '../src/lib/comments/comments.svelte';
import { clock } from '../src/lib/live/clock.svelte';
import { LiveStore } from '../src/lib/live/store.svelte';
import { comment } from './fixtures';

const pages = vi.hoisted(() => ({ ask: (_state: string | null, _before: string | null): unknown => null }));
vi.mock('../src/lib/api/comments', () => ({ listComments: async (state: CommentState | null, before: string | null) => pages.ask(state, before) }));

const DAY = 24 * 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const made = (id: string, age: number, part: Partial<Comment> = {}) =>
	comment({ id, seq: 1, timestamp: at(clock.now - age), answerableUntil: at(clock.now - age + 2 * DAY), ...part });
const page = (items: Comment[], next: string | null = null): Page<Comment> => ({ items, next });
const ids = (list: Comment[]) => list.map((one) => one.id);

describe('flagged comments', () => {
	beforeEach(() => {
		clock.now = Date.now();
	});

	it('are to be answered for 48 hours, unless they were', () => {
		const now = clock.now;
		expect(isToDo(made('a', DAY), now)).toBe(true);
		expect(isToDo(made('a', DAY, { state: 'failed' }), now)).toBe(true);
		expect(isToDo(made('a', DAY, { state: 'unconfirmed' }), now)).toBe(true);
		expect(isToDo(made('a', DAY, { state: 'answered' }), now)).toBe(false);
		expect(isToDo(made('a', 2 * DAY), now)).toBe(false);
		expect(isToDo(made('a', 2 * DAY, { state: 'answering' }), now)).toBe(true);
	});

	it('come in pages, and none in between is left out', async () => {
		const live = new LiveStore();
		const view = new Comments(live);
		pages.ask = (state, before) => {
			if (state === 'open') return page([made('new', 1000), made('day', DAY), made('over', 3 * DAY)], 'unasked');
			if (state) return page([]);
			return before ? page([made('old', 4 * DAY)]) : page([made('new', 1000), made('done', 2000, { state: 'answered' })], 'more');
		};
		await view.load();
		expect(ids(view.list('todo'))).toEqual(['new', 'day']);
		expect(ids(view.list('all'))).toEqual(['new', 'done']);
		expect(view.open).toBe(2);
		await view.more();
		expect(ids(view.list('all'))).toEqual(['new', 'done', 'day', 'over', 'old']);
		expect(view.older).toBeNull();
	});

	it('follow what is announced; what is older changes nothing', async () => {
		const live = new LiveStore();
		const view = new Comments(live);
		pages.ask = () => page([]);
		await view.load();
		live.putComment(made('a', 1000, { seq: 5, state: 'answering' }));
		live.putComment(made('a', 1000, { seq: 4 }));
		expect(view.list('todo').map((one) => one.state)).toEqual(['answering']);
		live.putComment(made('a', 1000, { seq: 6, state: 'answered' }));
		expect(view.list('todo')).toEqual([]);
		expect(ids(view.list('all'))).toEqual(['a']);
	});

	it('say why they can not be read, and keep what is held', async () => {
		const live = new LiveStore();
		const view = new Comments(live);
		live.putComment(made('a', 1000));
		pages.ask = () => {
			throw new Error('gone');
		};
		await view.load();
		expect(view.trouble).toBeInstanceOf(Error);
		expect(ids(view.list('todo'))).toEqual(['a']);
	});
});
