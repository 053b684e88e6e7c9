/** Faults of the ID token in which the signature is good and a claim is not. */
import { createHash } from 'node:crypto';
import { resigned } from './ways.js';

const HOUR = 60 * 60;
const WEEK = 7 * 24 * HOUR;

const OTHER_ISSUER = 'https://other-provider.example';

const PARTIES = [
  untrusted('id-token-wrong-iss', 'Issuer changed', 'Adds a 1 to iss.',
    (claims) => ({ ...claims, iss: `${claims.iss}1` })),
  untrusted('id-token-other-iss', 'Another issuer', 'Names another provider as iss.',
    (claims) => ({ ...claims, iss: OTHER_ISSUER })),
  untrusted('id-token-iss-slash', 'Issuer with a slash', 'Adds a slash to iss.',
    (claims) => ({ ...claims, iss: `${claims.iss}/` })),
  untrusted('id-token-wrong-aud', 'Another audience', 'Adds a 1 to aud.',
    (claims) => ({ ...claims, aud: `${claims.aud}1` })),
  untrusted('id-token-foreign-aud', 'A foreign audience besides', 'Gives aud as ours and a foreign one, without azp.',
    (claims) => ({ ...claims, aud: [claims.aud, 'somebody-else'], azp: undefined })),
  untrusted('id-token-wrong-azp', 'Another party', 'Names another client as azp.',
    (claims) => ({ ...claims, azp: 'somebody-else' })),
  untrusted('id-token-no-iss', 'No issuer', 'Leaves out iss.', without('iss')),
  untrusted('id-token-no-sub', 'No subject', 'Leaves out sub.', without('sub')),
  untrusted('id-token-empty-sub', 'Empty subject', 'Gives a sub without a character.',
    (claims) => ({ ...claims, sub: '' })),
  untrusted('id-token-no-aud', 'No audience', 'Leaves out aud.', without('aud')),
  untrusted('id-token-no-nonce', 'No nonce', 'Leaves out the nonce.', without('nonce')),
  untrusted('id-token-wrong-nonce', 'Nonce changed', 'Adds a 1 to the nonce.',
    (claims) => ({ ...claims, nonce: `${claims.nonce}1` })),
  {
    ...untrusted('id-token-nonce', 'Nonce of your choice', 'Gives the nonce you name, such as one of another attempt.',
      (claims, { value }) => ({ ...claims, nonce: value })),
    parameter: 'the nonce to give',
  },
  untrusted('id-token-wrong-at-hash', 'Another access token', 'Gives the at_hash of another access token.',
    (claims, { keys }) => ({ ...claims, at_hash: hashOf('another-access-token', keys.algorithm) })),
  harmless('id-token-aud-list', 'Audience as a list', 'Gives aud as a list of one, and azp.',
    (claims) => ({ ...claims, aud: [claims.aud], azp: claims.aud })),
  harmless('id-token-at-hash', 'With the hash', 'Adds the at_hash that fits.',
    (claims, { keys, accessToken }) => ({ ...claims, at_hash: hashOf(accessToken, keys.algorithm) })),
];

const TIMES = [
  skewed('id-token-no-exp', 'No end', 'Leaves out exp.', without('exp')),
  skewed('id-token-no-iat', 'No beginning', 'Leaves out iat.', without('iat')),
  skewed('id-token-expired', 'Expired', 'Gives an exp two minutes ago.',
    (claims) => ({ ...claims, exp: now() - 120 })),
  harmless('id-token-just-expired', 'Just expired', 'Gives an exp 30 seconds ago, which clocks may differ by.',
    (claims) => ({ ...claims, exp: now() - 30 })),
  skewed('id-token-iat-ahead', 'A week ahead', 'Gives an iat a week from now.',
    (claims) => ({ ...claims, iat: now() + WEEK, exp: now() + WEEK + HOUR })),
  skewed('id-token-iat-old', 'A week old', 'Gives an iat a week ago.',
    (claims) => ({ ...claims, iat: now() - WEEK })),
  skewed('id-token-nbf-ahead', 'Not yet valid', 'Gives an nbf an hour from now.',
    (claims) => ({ ...claims, nbf: now() + HOUR })),
];

export const ID_TOKEN_CLAIMS = [...PARTIES, ...TIMES];

function untrusted(name, title, description, alter) {
  return fault(name, title, 'id-untrusted', description, alter);
}

function skewed(name, title, description, alter) {
  return fault(name, title, 'clock-skew', description, alter);
}

function harmless(name, title, description, alter) {
  return fault(name, title, null, description, alter);
}

function fault(name, title, failure, description, alter) {
  const run = resigned((claims, { keys, ...about }) => keys.sign(alter(claims, { keys, ...about })));
  return { leg: 'token', name, title, failure, description, times: 1, run };
}

function without(claim) {
  return (claims) => ({ ...claims, [claim]: undefined });
}

/** OpenID Connect Core, section 3.1.3.6; the hash of EdDSA with Ed25519 is SHA-512. */
function hashOf(accessToken, algorithm) {
  const bytes = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256').update(accessToken).digest();
  return bytes.subarray(0, bytes.length / 2).toString('base64url');
}

function now() {
  return Math.floor(Date.now() / 1000);
}
