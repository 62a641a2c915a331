import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const gateway = 'http://127.0.0.1:3000';

// The kit's route announcer carries an inline style attribute, which `style-src 'self'` refuses.
// The class says the same and lives in styles/base.css.
function announcerByClass(): Plugin {
	return {
		name: 'announcer-by-class',
		enforce: 'pre',
		transform(code, id) {
			if (!id.replaceAll('\\', '/').endsWith('/generated/root.svelte')) return;
			return code.replace(/(<div id="svelte-announcer"[^>]*?)\sstyle="[^"]*"/, '$1 class="sr"');
		}
	};
}

// A catalogue entry that does not exist is `undefined` at run time and a mere warning at build time.
function undefinedImportsAreFatal(): Plugin {
	const fatal = new Set(['IMPORT_IS_UNDEFINED', 'MISSING_EXPORT', 'UNRESOLVED_IMPORT']);
	return {
		name: 'undefined-imports-are-fatal',
		apply: 'build',
		onLog(_level, log) {
			if (log.code && fatal.has(log.code)) this.error(`${log.code}: ${log.message}`);
		}
	};
}

export default defineConfig({
	plugins: [
		announcerByClass(),
		undefinedImportsAreFatal(),
		tailwindcss(),
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
			emitGitIgnore: false
		}),
		sveltekit()
	],
	build: {
		// Inlined assets would be data: addresses, which the content policy does not allow.
		assetsInlineLimit: 0
	},
	server: {
		proxy: {
			'/api': gateway,
			'/auth': gateway,
			'/webhook': gateway,
			'/socket.io': { target: gateway, ws: true }
		}
	},
	test: { include: ['tests/**/*.test.ts'], environment: 'node' }
});
