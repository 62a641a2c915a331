// A single-page application: nothing is rendered at build time but the empty shell.
export const ssr = false;
export const prerender = false;
