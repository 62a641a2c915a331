// Builds the workspace's test programs once, the gateway with them, and runs each of them, LANES side by side: most wait for servers and
// disks. The app's own suite runs once more on PostgreSQL; `e2e` drives the gateway that was built. What a program prints comes as a
// whole when it ends, under a heading of its own: `── suite NAME`. Ends with 1 when one of them failed; the others run all the same.
// Wants TEST_POSTGRES_URL in its environment; SCHEDULES there means so many on each store. Usage: node scripts/suites.mjs
import { spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';

const LANES = 2;
const SELECTION = ['--workspace', '--all-features', '--locked'];
/** Suites that several crates have: the gateway's go by their bare name, the others' with their crate's behind it. */
const SHARED = ['contract', 'isolation', 'it'];
/** Those that take minutes begin first, so that nothing runs alone at the end. */
const LONG = ['outage', 'e2e', 'crash', 'it', 'it on PostgreSQL', 'contract-postgres', 'contract-sqlite'];
/** Tests of a program at the same time, where most of their time is waiting. */
const THREADS = { crash: 4, it: 3 };

/** Schedules that are played on each store, 2,000 in all: PostgreSQL commits ten times as slowly. `make crash` plays 10,000 on each. */
const SCHEDULES = { 'contract-sqlite': '1800', 'contract-postgres': '200' };

/** What a program printed, and how it ended. */
function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', options.stderr ?? 'pipe'], ...options });
    const printed = [];
    child.stdout.on('data', (bytes) => printed.push(bytes));
    child.stderr?.on('data', (bytes) => printed.push(bytes));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ output: Buffer.concat(printed).toString(), passed: code === 0, how: signal ?? code }));
  });
}

/** A crate's directory is its short name: `store-sqlite` is `sqlite` in the names of suites. */
function named(folder, target) {
  const crate = basename(folder).replace(/^store-/, '');
  if (!target.kind.includes('test')) return target.name.replace(/^store_/, '');
  return SHARED.includes(target.name) && crate !== 'gateway' ? `${target.name}-${crate}` : target.name;
}

/** The test programs that cargo built. */
async function programs() {
  const args = ['test', '--no-run', ...SELECTION, '--message-format=json-render-diagnostics'];
  const { output, passed } = await run('cargo', args, { stderr: 'inherit' });
  if (!passed) process.exit(1);
  const messages = output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  return messages
    .filter((message) => message.reason === 'compiler-artifact' && message.profile.test && message.executable)
    .map(({ executable, manifest_path, target }) => {
      const cwd = dirname(manifest_path);
      const name = named(cwd, target);
      const env = name in SCHEDULES ? { SCHEDULES: SCHEDULES[name], ...process.env } : process.env;
      const args = name in THREADS ? [`--test-threads=${THREADS[name]}`] : [];
      return { name, program: executable, args, cwd, env };
    });
}

/** Everything that runs, the longest first. */
function plan(built) {
  const app = built.find((suite) => suite.name === 'it');
  // Four hundred replies with hanging calls wait for minutes, and do little else.
  const outage = { ...app, place: 'outage', args: ['outage::'] };
  app.args = [...app.args, '--skip', 'outage::'];
  const again = {
    ...app,
    name: 'it on PostgreSQL',
    // What an outage does, and when Respond.io is asked, are the workers' matter and take minutes: once is enough.
    args: [...app.args, ...['respondio_polling::', 'respondio_faults::'].flatMap((suite) => ['--skip', suite])],
    env: { ...process.env, TEST_GATEWAY_ON: 'postgres' },
  };
  // Its programs are made in the folder for what passes, which may be one where nothing can be run.
  const examples = { name: 'documentation', program: 'cargo', args: ['test', '--doc', ...SELECTION], env: { ...process.env, TMPDIR: undefined } };
  const outside = { name: 'e2e', program: 'npm', args: ['test', '--silent'], cwd: 'e2e', env: process.env };
  const place = (suite) => (LONG.indexOf(suite.place ?? suite.name) + LONG.length + 1) % (LONG.length + 1);
  return [...built, outage, again, examples, outside].sort((one, other) => place(one) - place(other));
}

const waiting = plan(await programs());
const failed = [];
async function lane() {
  for (let suite = waiting.shift(); suite; suite = waiting.shift()) {
    const from = Date.now();
    const { output, passed, how } = await run(suite.program, suite.args, { cwd: suite.cwd, env: suite.env });
    if (!passed) failed.push(suite.name);
    const ended = passed ? 'passed' : `FAILED (${how})`;
    process.stdout.write(`── suite ${suite.name}\n${output}── ${ended} after ${Math.round((Date.now() - from) / 1000)} s\n\n`);
  }
}
await Promise.all(Array.from({ length: LANES }, lane));
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
