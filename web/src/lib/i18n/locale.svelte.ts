// The language on screen. Paraglide keeps it in localStorage and starts from the browser's;
// changing it redraws the page without losing the live connection.
import { getLocale, setLocale } from '$lib/paraglide/runtime';

export type Locale = ReturnType<typeof getLocale>;

class CurrentLocale {
	value = $state<Locale>(getLocale());

	set(next: Locale): void {
		void setLocale(next, { reload: false });
		this.value = next;
		document.documentElement.lang = next;
	}
}

export const locale = new CurrentLocale();
