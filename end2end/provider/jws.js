/**
 * Signed tokens, made and taken apart by hand: a library would refuse to write most of those that
 * the faults need.
 */
import {
  constants, createHmac, generateKeyPair, sign as signWith, verify as verifyWith,
} from 'node:crypto';
import { promisify } from 'node:util';

/** What there is to know of each algorithm (RFC 7518, section 3; RFC 8037, section 3.1). */
const ALGORITHMS = {
  RS256: { hash: 'sha256', kind: ['rsa', { modulusLength: 2048 }] },
  PS256: {
    hash: 'sha256',
    kind: ['rsa', { modulusLength: 2048 }],
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  },
  ES256: { hash: 'sha256', kind: ['ec', { namedCurve: 'P-256' }], dsaEncoding: 'ieee-p1363' },
  EdDSA: { hash: null, kind: ['ed25519', undefined] },
};

/** The algorithms that keys can be made for. */
export const SIGNING_ALGORITHMS = Object.keys(ALGORITHMS);

/** @returns {Promise<{ publicKey: import('node:crypto').KeyObject, privateKey: import('node:crypto').KeyObject }>} */
export function makeKeyPair(algorithm) {
  return promisify(generateKeyPair)(...ALGORITHMS[algorithm].kind);
}

/** Whether a key is of the kind that the algorithm signs with. */
export function fits(algorithm, key) {
  const [type] = ALGORITHMS[algorithm].kind;
  const { namedCurve } = key.asymmetricKeyDetails;
  return key.asymmetricKeyType === type && (type !== 'ec' || namedCurve === 'prime256v1');
}

/** A compact JWS; the algorithm is the one its header names. */
export function sign(header, claims, key) {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${signature(header.alg, signed, key).toString('base64url')}`;
}

/** A compact JWS whose signature has nothing to do with its header. */
export function assemble(header, claims, signatureText) {
  return `${encoded(header)}.${encoded(claims)}.${signatureText}`;
}

/** @returns {{ header: object, claims: object, signature: string }} */
export function takeApart(token) {
  const [header, claims, signatureText] = token.split('.');
  return { header: decoded(header), claims: decoded(claims), signature: signatureText };
}

/** Whether this key signed it, by the algorithm the header names. */
export function isSignedBy(token, key) {
  const end = token.lastIndexOf('.');
  const { header, signature: signatureText } = takeApart(token);
  if (!ALGORITHMS[header.alg]) return false;
  const { hash, ...options } = ALGORITHMS[header.alg];
  const bytes = Buffer.from(signatureText, 'base64url');
  return verifyWith(hash, Buffer.from(token.slice(0, end)), { key, ...withoutKind(options) }, bytes);
}

function signature(algorithm, text, key) {
  if (algorithm === 'HS256') return createHmac('sha256', key).update(text).digest();
  const { hash, ...options } = ALGORITHMS[algorithm];
  return signWith(hash, Buffer.from(text), { key, ...withoutKind(options) });
}

function withoutKind({ kind: _kind, ...options }) {
  return options;
}

function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(text) {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
}
