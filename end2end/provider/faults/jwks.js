/**
 * Faults of the signing keys. An app that has the keys already asks for them only when it meets one
 * it doesn't know, so these show in an app that starts while they are armed; they stay until cleared.
 */
import { randomBytes } from 'node:crypto';
import { makeKey, publicJwk } from '../keys.js';
import { insteadJson, insteadText, rewritten } from './ways.js';

const MANY = 10_000;

export const JWKS_FAULTS = [
  fault('jwks-500', 'Status 500', 'provider-fault', 'Answers 500.',
    insteadJson(500, { message: 'out of order' })),
  fault('jwks-html', 'HTML', 'answer-unreadable', 'Answers 200 with a page.',
    insteadText(200, 'text/html', '<!doctype html><title>Welcome</title><h1>Welcome</h1>')),
  fault('jwks-empty', 'No keys', 'id-untrusted', 'Gives an empty list of keys.', only(() => [])),
  fault('jwks-many', 'Ten thousand keys', 'answer-unreadable', 'Gives 10 000 keys, the real one last.',
    only(async (keys, [real]) => {
      const other = publicJwk(await makeKey(keys.algorithm));
      return [...Array.from({ length: MANY }, (_, number) => ({ ...other, kid: `key-${number}` })), real];
    })),
  fault('jwks-only-oct', 'A shared secret', 'id-untrusted', 'Gives nothing but a symmetric key, under the kid of the real one.',
    only((keys, [real]) => [{ kty: 'oct', k: randomBytes(32).toString('base64url'), kid: real.kid, alg: 'HS256' }])),
  fault('jwks-only-private', 'The private key', 'id-untrusted', 'Publishes the real key with its private members.',
    only((keys) => [keys.exposed])),
  fault('jwks-only-enc', 'For encryption', 'id-untrusted', 'Says that the real key is for encryption.',
    only((keys, [real]) => [{ ...real, use: 'enc' }])),
  fault('jwks-wrong-alg', 'For another algorithm', 'id-untrusted', 'Says that the real key is for RS512.',
    only((keys, [real]) => [{ ...real, alg: 'RS512' }])),
  fault('jwks-unfit', 'Unfit keys besides', null,
    'Puts a symmetric, a private, an encryption key and a key of an unknown kind around the real one.',
    only(async (keys, [real]) => {
      const other = await makeKey(keys.algorithm);
      return [
        { kty: 'oct', k: randomBytes(32).toString('base64url'), kid: 'secret', alg: 'HS256' },
        { ...publicJwk(other), ...other.privateKey.export({ format: 'jwk' }), kid: 'private' },
        real,
        { ...publicJwk(other), kid: 'encryption', use: 'enc' },
        { kty: 'AKP', kid: 'unknown', alg: 'ML-DSA-44', pub: 'AAAA' },
      ];
    })),
  fault('jwks-several', 'Several keys', null, 'Puts another key of the same kind on each side of the real one.',
    only(async (keys, [real]) => [
      publicJwk(await makeKey(keys.algorithm)), real, publicJwk(await makeKey(keys.algorithm)),
    ])),
  fault('jwks-same-kid', 'Key id twice', null, 'Puts another key with the same kid in front of the real one.',
    only(async (keys, [real]) => [publicJwk(await makeKey(keys.algorithm, real.kid)), real])),
];

function fault(name, title, failure, description, run) {
  return { leg: 'jwks', name, title, failure, description, times: 'always', run };
}

/** Other keys in place of the published ones. */
function only(make) {
  return rewritten(async (body, ctx, { keys }) => {
    ctx.body = { keys: await make(keys, body.keys) };
  });
}
