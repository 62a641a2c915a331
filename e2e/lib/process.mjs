// Starts the binary as a user would, waits until it says it is ready, and ends exactly what it started.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const binary = fileURLToPath(new URL('../../target/debug/message-gateway', import.meta.url));

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A folder that is gone after the test. */
export async function scratch(t) {
  const dir = await mkdtemp(join(tmpdir(), 'message-gateway-e2e-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/**
 * Runs a command that prints one JSON line when it is ready. Its log goes to `output`; the environment holds nothing of ours.
 * @returns {Promise<{ready: object, child: import('node:child_process').ChildProcess, output: string[], ended: Promise<{code: number|null, signal: string|null}>, stop(signal?: string): Promise<{code: number|null, signal: string|null}>}>}
 */
export async function start(t, args, env, cwd) {
  const child = spawn(binary, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, RUST_BACKTRACE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  const ended = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
  createInterface({ input: child.stderr }).on('line', (line) => output.push(line));
  const ready = new Promise((done, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line);
      if (line.startsWith('{')) done(JSON.parse(line));
    });
    child.once('error', fail);
    ended.then(({ code, signal }) => fail(new Error(`message-gateway ${args.join(' ')} ended (${code ?? signal}):\n${output.join('\n')}`)));
  });
  ready.catch(() => {});
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  t.after(() => stop('SIGKILL'));
  return { ready: await ready, child, output, ended, stop };
}

/** Runs a command to its end. */
export async function run(args, env, cwd) {
  const child = spawn(binary, args, { cwd, env: { PATH: process.env.PATH, HOME: cwd, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((done) => child.once('exit', done));
  return { code, stdout, stderr };
}
