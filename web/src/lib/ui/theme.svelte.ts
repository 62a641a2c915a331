// The theme as chosen: `system` follows the device. static/theme.js applies it before the first paint
// with the same key, so the page never flashes.

export type Theme = 'light' | 'dark' | 'system';

const KEY = 'theme';

function kept(): Theme {
	const value = localStorage.getItem(KEY);
	return value === 'light' || value === 'dark' ? value : 'system';
}

class ThemeChoice {
	value = $state<Theme>(kept());

	set(next: Theme): void {
		this.value = next;
		if (next === 'system') localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, next);
		const dark = matchMedia('(prefers-color-scheme: dark)').matches;
		document.documentElement.dataset.theme = next === 'system' ? (dark ? 'dark' : 'light') : next;
	}

	/** Light to dark and back, from what is on screen now. */
	toggle(): void {
		this.set(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
	}
}

export const theme = new ThemeChoice();
