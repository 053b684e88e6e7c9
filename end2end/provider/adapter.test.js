import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryAdapters } from './adapter.js';

test('what was stored is found until it expires', async () => {
  let now = 0;
  const sessions = memoryAdapters(() => now)('Session');
  await sessions.upsert('id', { uid: 'uid' }, 60);
  now = 59_000;
  assert.deepEqual(await sessions.findByUid('uid'), { uid: 'uid' });
  now = 60_000;
  assert.equal(await sessions.find('id'), undefined);
  assert.equal(await sessions.findByUid('uid'), undefined);
});

test('thousands of entries stay', async () => {
  const tokens = memoryAdapters()('RefreshToken');
  for (let number = 0; number < 5000; number += 1) await tokens.upsert(`${number}`, { number }, 60);
  assert.deepEqual(await tokens.find('0'), { number: 0 });
});

test('revoking a grant takes its tokens and no others', async () => {
  const adapters = memoryAdapters();
  const [access, refresh] = [adapters('AccessToken'), adapters('RefreshToken')];
  await access.upsert('a', { grantId: 'first' }, 60);
  await refresh.upsert('r', { grantId: 'first' }, 60);
  await access.upsert('b', { grantId: 'second' }, 60);
  await refresh.revokeByGrantId('first');
  assert.deepEqual(
    [await access.find('a'), await refresh.find('r'), await access.find('b')],
    [undefined, undefined, { grantId: 'second' }],
  );
});

test('an entry that was consumed says so', async () => {
  const codes = memoryAdapters()('AuthorizationCode');
  await codes.upsert('c', {}, 60);
  await codes.consume('c');
  assert.ok((await codes.find('c')).consumed > 0);
});
