import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	kit: {
		// One page for every address: the gateway answers unknown paths with index.html.
		adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html' }),
		// The default is the time of day, which would make every build differ.
		version: { name: version },
		output: { bundleStrategy: 'split' }
	}
};
