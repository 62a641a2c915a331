// Every test that docs/promises.md names must have run and passed.
// Usage: node scripts/promises.mjs LOG…, where the logs are what cargo test and node --test printed.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Names of the tests that passed, with their suite in front, as the page writes them. */
function passed(log) {
  const names = new Set();
  let suite = '';
  let store = '';
  for (const line of log.split('\n')) {
    const running = /^\s+Running .*\((\S+)\)$/.exec(line);
    if (running) {
      suite = basename(running[1]).replace(/-[0-9a-f]+$/, '');
      // Both stores have a suite of that name, after the unit tests of their own crate.
      if (suite.startsWith('store_')) store = suite.slice('store_'.length);
      if (suite === 'contract' || suite === 'isolation') suite += `-${store}`;
      continue;
    }
    const rust = /^test (\S+) \.\.\. ok$/.exec(line);
    if (rust) names.add(`${suite} ${rust[1]}`);
    const node = /^ok \d+ - (.+)$/.exec(line);
    if (node) names.add(`e2e ${node[1]}`);
  }
  return names;
}

const ran = passed(process.argv.slice(2).map((file) => readFileSync(file, 'utf8')).join('\n'));
const page = readFileSync(new URL('../docs/promises.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| '));
const named = rows.flatMap((row) => [...row.split(' | ').at(-1).matchAll(/`(\S+ [^`]+)`/g)].map(([, name]) => name));
const missing = named.filter((name) => !ran.has(name.replace(/^(e2e) [\w.-]+: /, '$1 ')));
if (named.length === 0 || missing.length > 0) {
  console.error(`docs/promises.md: ${missing.length} of ${named.length} named tests did not run and pass:`);
  for (const name of missing) console.error(`  ${name}`);
  process.exit(1);
}
console.log(`docs/promises.md: all ${named.length} named tests ran and passed`);
