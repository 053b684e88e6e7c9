/** Faults of the ID token in which the claims are good, and the signature, the key or the form is not. */
import { randomBytes } from 'node:crypto';
import { assemble, sign } from '../jws.js';
import { makeKey, publicJwk } from '../keys.js';
import { ELSEWHERE } from '../switchboard/legs.js';
import { altered, resigned } from './ways.js';

const SIGNATURES = [
  untrusted('id-token-alg-none', 'Unsigned', 'Says alg none and ends after the second dot.',
    (claims) => assemble({ alg: 'none', typ: 'JWT' }, claims, '')),
  untrusted('id-token-alg-none-signed', 'Unsigned, with a signature', 'Says alg none and keeps the signature.',
    (claims, { token }) => assemble({ alg: 'none', typ: 'JWT' }, claims, token.split('.')[2])),
  untrusted('id-token-hs256-public-key', 'HMAC with the public key',
    'Signs by HS256 with the published key as the secret.',
    (claims, { keys }) => sign({ ...keys.header, alg: 'HS256' }, claims,
      keys.current.publicKey.export({ format: 'pem', type: 'spki' }))),
  untrusted('id-token-hs256-client-secret', 'HMAC with the secret',
    'Signs by HS256 with the secret of the confidential client.',
    (claims, { keys, clientSecret }) => sign({ ...keys.header, alg: 'HS256' }, claims, clientSecret)),
  untrusted('id-token-broken-signature', 'Broken signature', 'Changes one bit of the signature.',
    (_claims, { token }) => withBitChanged(token)),
  untrusted('id-token-no-signature', 'Empty signature', 'Names the right algorithm and key, and signs nothing.',
    (claims, { keys }) => assemble(keys.header, claims, '')),
  untrusted('id-token-foreign-key', 'Key of somebody else', 'Signs with another key under the kid of ours.',
    async (claims, { keys }) => sign(keys.header, claims, (await makeKey(keys.algorithm)).privateKey)),
  untrusted('id-token-other-type', 'Type of another token', 'Says typ at+jwt.',
    (claims, { keys }) => keys.sign(claims, { typ: 'at+jwt' })),
  untrusted('id-token-critical', 'Critical extension', 'Says in crit that an extension must be understood.',
    (claims, { keys }) => keys.sign(claims, { crit: ['urn:example:unknown'], 'urn:example:unknown': true })),
];

const KEYS = [
  harmless('id-token-no-kid', 'No key id', 'Leaves out kid.',
    (claims, { keys }) => keys.sign(claims, { kid: undefined })),
  untrusted('id-token-unknown-kid', 'Unknown key id', 'Signs with the real key and names one that nobody has.',
    (claims, { keys }) => keys.sign(claims, { kid: randomBytes(8).toString('hex') })),
  harmless('id-token-rotated', 'New key within the sign-in', 'Makes a new key, signs with it, and forgets the old one.',
    async (claims, { keys }) => {
      await keys.rotate();
      return keys.sign(claims);
    }),
  untrusted('id-token-jku', 'Address of keys', 'Signs with another key and says in jku where to fetch it.',
    foreignWith(({ base }) => ({ jku: base + ELSEWHERE }))),
  untrusted('id-token-x5u', 'Address of a certificate', 'Signs with another key and says in x5u where to fetch it.',
    foreignWith(({ base }) => ({ x5u: base + ELSEWHERE }))),
  untrusted('id-token-jwk', 'Key in the token', 'Signs with another key and brings it in jwk.',
    foreignWith((_about, key) => ({ jwk: publicJwk(key) }))),
  harmless('id-token-foreign-headers', 'Other keys in the header',
    'Signs with the real key, and names others in jku, x5u and jwk.',
    async (claims, { keys, base }) => keys.sign(claims, {
      jku: base + ELSEWHERE, x5u: base + ELSEWHERE, jwk: publicJwk(await makeKey(keys.algorithm)),
    })),
];

const FORMS = [
  unreadable('id-token-jwe', 'Encrypted', 'Gives an encrypted token, which nobody asked for.',
    () => [JSON.stringify({ alg: 'RSA-OAEP', enc: 'A256GCM', cty: 'JWT' }), ...[256, 12, 400, 16].map((size) => randomBytes(size))]
      .map((part) => Buffer.from(part).toString('base64url')).join('.')),
  unreadable('id-token-one-part', 'One part', 'Gives the claims alone.',
    (_claims, { token }) => token.split('.')[1]),
  unreadable('id-token-five-parts', 'Five parts', 'Adds two parts to the token.',
    (_claims, { token }) => `${token}.more.more`),
  unreadable('id-token-not-base64', 'Not base64url', 'Puts the claims in plain JSON between the dots.',
    (claims, { token }) => {
      const [header, , signature] = token.split('.');
      return `${header}.${JSON.stringify(claims)}.${signature}`;
    }),
  {
    ...unreadable('id-token-missing', 'No ID token', 'Leaves out id_token, although openid was asked.'),
    run: altered((body) => ({ ...body, id_token: undefined })),
  },
];

export const ID_TOKEN_SIGNATURES = [...SIGNATURES, ...KEYS, ...FORMS];

function untrusted(name, title, description, rewrite) {
  return fault(name, title, 'id-untrusted', description, rewrite);
}

function harmless(name, title, description, rewrite) {
  return fault(name, title, null, description, rewrite);
}

function unreadable(name, title, description, rewrite) {
  return fault(name, title, 'answer-unreadable', description, rewrite);
}

function fault(name, title, failure, description, rewrite) {
  return { leg: 'token', name, title, failure, description, times: 1, run: resigned(rewrite) };
}

/** Signed with a key that stands in no metadata, which the header offers. */
function foreignWith(header) {
  return async (claims, { keys, ...about }) => {
    const key = await makeKey(keys.algorithm);
    return sign({ ...keys.header, kid: key.kid, ...header(about, key) }, claims, key.privateKey);
  };
}

function withBitChanged(token) {
  const start = token.lastIndexOf('.') + 1;
  const bytes = Buffer.from(token.slice(start), 'base64url');
  bytes[bytes.length - 1] ^= 1;
  return token.slice(0, start) + bytes.toString('base64url');
}
