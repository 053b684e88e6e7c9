import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** A signing key made for this run: a key in the repository would sign for whoever reads it. */
export async function makeSigningKeys() {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' });
  const kid = randomBytes(8).toString('hex');
  return { keys: [{ ...key, kid, use: 'sig', alg: 'RS256' }] };
}

export function makeCookieKeys() {
  return [randomBytes(32).toString('base64url')];
}
