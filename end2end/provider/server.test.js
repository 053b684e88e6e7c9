import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));

/** Runs the server as its users do, and keeps what it says. */
function run(env) {
  const child = spawn(process.execPath, [SERVER], { env: { PATH: process.env.PATH, ...env } });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => { said.out += text; });
  child.stderr.on('data', (text) => { said.err += text; });
  return { child, said, exit: once(child, 'exit') };
}

async function ready({ child, said }) {
  while (!said.out.includes('\n')) await once(child.stdout, 'data');
  return JSON.parse(said.out);
}

test('says one line when it is ready, without the secret, and stops at once', async () => {
  const server = run({ PROVIDER_PORT: '0', PROVIDER_CLIENT_SECRET: 'canary-client-secret' });
  const line = await ready(server);
  assert.match(line.issuer, /^http:\/\/localhost:\d+$/);
  assert.deepEqual({ ...line, issuer: undefined }, {
    ready: true,
    issuer: undefined,
    client_id: 'wrengate-dev',
    confidential_client_id: 'wrengate-dev-confidential',
  });
  const metadata = await (await fetch(`${line.issuer}/.well-known/openid-configuration`)).json();
  assert.equal(metadata.issuer, line.issuer);

  const stopped = Date.now();
  server.child.kill('SIGTERM');
  assert.deepEqual(await server.exit, [0, null]);
  assert.ok(Date.now() - stopped < 1000);
  const { out, err } = server.said;
  assert.equal(out.trim().split('\n').length, 1);
  assert.ok(!(out + err).includes('canary-client-secret'));
  assert.doesNotMatch(err, /WARNING|NOTICE/);
});

test('a port in use ends it with one sentence and code 2', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const server = run({ PROVIDER_PORT: String(other.address().port) });
  assert.deepEqual(await server.exit, [2, null]);
  assert.match(server.said.err, /^Port \d+ on 127\.0\.0\.1 is in use[^\n]*\n$/);
  assert.equal(server.said.out, '');
  other.close();
});

test('a setting it can’t use ends it with one sentence and code 2', async () => {
  for (const [name, value] of [
    ['PROVIDER_PORT', 'http'],
    ['PROVIDER_PORT', '70000'],
    ['PROVIDER_ISSUER_HOST', 'http://localhost'],
    ['PROVIDER_APP_ORIGINS', 'http://127.0.0.1:3000/callback'],
  ]) {
    const server = run({ [name]: value });
    assert.deepEqual(await server.exit, [2, null]);
    assert.match(server.said.err, new RegExp(`^${name} must [^\\n]*\\n$`));
  }
});
