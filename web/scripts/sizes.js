// Printed after every build: what a browser loads for the inbox, compressed, against the budget.
// Fails the build when the JavaScript for the inbox is over it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';

const BUDGET_KB = 200;
const build = fileURLToPath(new URL('../build', import.meta.url));
const manifest = JSON.parse(
	readFileSync(new URL('../.svelte-kit/output/client/.vite/manifest.json', import.meta.url), 'utf8')
);
const routes = readFileSync(new URL('../.svelte-kit/generated/client-optimized/app.js', import.meta.url), 'utf8');

/** Nodes (layouts and page) of one route, as the kit numbers them. */
function nodesOf(route) {
	const line = routes.split('\n').find((l) => l.includes(`"${route}": [`));
	const [, page, layouts = ''] = line.match(/\[~?(\d+),?(?:\[([\d,]*)\])?/);
	return ['0', ...layouts.split(',').filter(Boolean), page];
}

/** Every file a chunk imports statically; dynamic imports load later and are not counted. */
function collect(key, into) {
	const chunk = manifest[key];
	if (!chunk || into.has(chunk.file)) return;
	into.add(chunk.file);
	for (const css of chunk.css ?? []) into.add(css);
	for (const next of chunk.imports ?? []) collect(next, into);
}

const size = (file) => gzipSync(readFileSync(join(build, file)), { level: 9 }).length;

let over = false;
for (const route of ['/(app)', '/(app)/accounts', '/(app)/settings/api-keys', '/(auth)/login']) {
	const files = new Set();
	for (const key of Object.keys(manifest)) {
		if (/client-optimized\/app\.js$/.test(key) || /runtime\/client\/entry\.js$/.test(key)) collect(key, files);
		const node = key.match(/client-optimized\/nodes\/(\d+)\.js$/);
		if (node && nodesOf(route).includes(node[1])) collect(key, files);
	}
	const sum = (end) => [...files].filter((f) => f.endsWith(end)).reduce((n, f) => n + size(f), 0) / 1024;
	const [js, css] = [sum('.js'), sum('.css')];
	over ||= js > BUDGET_KB;
	const name = route.replace(/\/\([a-z]+\)/, '') || '/';
	console.log(`${name.padEnd(20)} ${js.toFixed(1).padStart(6)} KB JavaScript  ${css.toFixed(1).padStart(5)} KB CSS  (gzip, budget ${BUDGET_KB} KB)`);
}
if (over) {
	console.error('The JavaScript budget is exceeded.');
	process.exit(1);
}
