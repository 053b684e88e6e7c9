/** A client that proves itself with a signature: its key stays where it is. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../../fixtures/index.js';
import { requestTo, signsIn } from './signs-in.js';

test('private_key_jwt signs in', async ({ page, startApp, startProvider, canaries, guard }) => {
  guard.allow(401);
  const folder = await mkdtemp(join(tmpdir(), 'client-key-'));
  try {
    const file = join(folder, 'client.pem');
    const provider = await startProvider({ env: { PROVIDER_CLIENT_KEY_FILE: file } });
    const app = await startApp({
      provider,
      env: {
        WRENGATE_CLIENT_ID: 'wrengate-dev-key',
        WRENGATE_CLIENT_AUTH: 'private_key_jwt',
        WRENGATE_CLIENT_KEY_FILE: file,
      },
    });
    await signsIn({ page, app, canaries, provider });
    const exchange = await requestTo(provider, 'token');
    expect(exchange.headers).not.toHaveProperty('authorization');
    expect(exchange.params).toEqual(expect.arrayContaining(['client_assertion', 'client_assertion_type']));
    expect(exchange.params).not.toContain('client_secret');
    const [, line = ''] = (await readFile(file, 'utf8')).split('\n');
    expect(line.length).toBeGreaterThan(40);
    expect(app.log()).not.toContain(line);
  } finally {
    await rm(folder, { recursive: true });
  }
});
