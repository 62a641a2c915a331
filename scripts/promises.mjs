// Every test that docs/promises.md and docs/coverage.md name must have run and passed, and no row may be left without a test or a reason.
// docs/coverage.md must name every endpoint, event and error code that the SDKs know.
// Usage: node scripts/promises.mjs LOG…, where the logs are what scripts/suites.mjs and node --test printed.
import { readFileSync, readdirSync } from 'node:fs';

const PAGES = ['promises.md', 'coverage.md'];
/** How the last cell of a row begins that no test can prove. */
const REASON = 'no test: ';

/** Names of the tests that passed, with their suite in front, as the pages write them. */
function passed(log) {
  const names = new Set();
  let suite = '';
  for (const line of log.split('\n')) {
    const begins = /^── suite (.+)$/.exec(line);
    if (begins) [, suite] = begins;
    const rust = /^test (\S+) \.\.\. ok$/.exec(line);
    if (rust) names.add(`${suite} ${rust[1]}`);
    const node = /^ok \d+ - (.+)$/.exec(line);
    if (node) names.add(`e2e ${node[1]}`);
  }
  return names;
}

/** The last cell of every row, without headings. */
function cells(page) {
  const lines = page.split('\n');
  const isRule = (line) => line?.startsWith('| ---');
  const rows = lines.filter((line, at) => line.startsWith('| ') && !isRule(line) && !isRule(lines[at + 1]));
  return rows.map((row) => row.replace(/ \|\s*$/, '').split(' | ').at(-1));
}

function namedIn(cell) {
  return cell.startsWith(REASON) ? [] : [...cell.matchAll(/`(\S+ [^`]+)`/g)].map(([, name]) => name);
}

/** The sources of an SDK: their names, and what a pattern's groups find in one of them. */
function sources(crate) {
  const sdk = new URL(`../crates/${crate}/src/`, import.meta.url);
  const found = (name, pattern) => [...readFileSync(new URL(name, sdk), 'utf8').matchAll(pattern)].map(([, ...what]) => what.join(' '));
  return { files: readdirSync(sdk, { recursive: true }).filter((name) => name.endsWith('.rs')), found };
}

/** Endpoints, events and error codes that TikTok's SDK knows. */
function tiktok() {
  const { files, found } = sources('tiktok');
  return [
    ...files.flatMap((name) => found(name, /"(\/(?:business|tt_user|v2)\/[\w/]+\/)"/g)),
    ...found('webhook/read.rs', /^ +"([a-z_]+[._][a-z_.]+)" (?:=>|\|)/gm),
    ...found('error_code.rs', /^ +\w+ = (\d+), /gm),
  ];
}

/** Endpoints and events that Respond.io's SDK knows, whole as the page writes them: one path begins another. */
function respondio() {
  const { files, found } = sources('respondio');
  const endpoints = files.flatMap((name) => found(name, /Request::(get|post|put|delete)\(\s*self\.token,\s*"([^"]+)"/g));
  const events = found('webhook/read.rs', /"([a-z_.]+)"(?= (?:=>|\|))/g);
  // Of neither may the pattern lose its grip unseen.
  if (endpoints.length < 27 || events.length < 10) throw new Error(`only ${endpoints.length} endpoints and ${events.length} events were found`);
  const method = (endpoint) => endpoint.replace(/^\w+/, (name) => name.toUpperCase());
  return [...endpoints.map(method), ...events].map((what) => `\`${what}\``);
}

const known = () => [...tiktok(), ...respondio()];

/** What is wrong with a page, in words. */
function faults(page, ran) {
  const named = [...new Set(cells(page).flatMap(namedIn))];
  const missing = named.filter((name) => !ran.has(name.replace(/^(e2e) [\w.-]+: /, '$1 ')));
  const open = cells(page).filter((cell) => !cell.startsWith(REASON) && namedIn(cell).length === 0);
  return {
    count: named.length,
    words: [
      ...(named.length === 0 ? ['names no test at all'] : []),
      ...missing.map((name) => `did not run and pass: ${name}`),
      ...open.map((cell) => `neither a test nor a reason ("${REASON}…"): ${cell}`),
    ],
  };
}

const ran = passed(process.argv.slice(2).map((file) => readFileSync(file, 'utf8')).join('\n'));
for (const name of PAGES) {
  const page = readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
  const { count, words } = faults(page, ran);
  if (name === 'coverage.md') words.push(...known().filter((what) => !page.includes(what)).map((what) => `has no row for ${what}`));
  if (words.length > 0) {
    console.error(`docs/${name}:`);
    for (const line of words) console.error(`  ${line}`);
    process.exitCode = 1;
  } else {
    console.log(`docs/${name}: all ${count} named tests ran and passed`);
  }
}
