// Runs before the first paint: the chosen theme, or the system's, onto <html data-theme>.
// A same-origin file, because the content policy allows no inline script of ours.
(function () {
	var root = document.documentElement;
	var dark = matchMedia('(prefers-color-scheme: dark)');
	function apply() {
		var kept = null;
		try {
			kept = localStorage.getItem('theme');
		} catch (e) {
			kept = null;
		}
		root.dataset.theme = kept === 'light' || kept === 'dark' ? kept : dark.matches ? 'dark' : 'light';
	}
	apply();
	dark.addEventListener('change', apply);
})();
