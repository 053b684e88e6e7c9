import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { makeKeyPair, sign, takeApart } from './jws.js';

/**
 * The keys of this run: a key in the repository would sign for whoever reads it. The library signs
 * with the first one; after a rotation what it signed is signed anew.
 */
export class SigningKeys {
  #current;

  #first;

  /**
   * @param {string} algorithm that ID tokens are signed with
   * @param {import('node:crypto').KeyObject} [given] a private key to begin with
   */
  static async make(algorithm, given) {
    const keys = new SigningKeys();
    keys.algorithm = algorithm;
    if (given) keys.#current = withId({ privateKey: given, publicKey: createPublicKey(given) }, algorithm);
    else await keys.rotate();
    keys.#first = keys.#current;
    return keys;
  }

  /** From now on there is another key, and nothing is left of the old one. */
  async rotate() {
    this.#current = await makeKey(this.algorithm);
  }

  /** What the library needs, private halves included. */
  get forLibrary() {
    return { keys: [privateJwk(this.#first)] };
  }

  /** What the JWKS endpoint shows. */
  get published() {
    return { keys: [publicJwk(this.#current)] };
  }

  /** The key that signs now, as a pair. */
  get current() {
    return this.#current;
  }

  /** The private half, as only a fault publishes it. */
  get exposed() {
    return privateJwk(this.#current);
  }

  get isRotated() {
    return this.#current !== this.#first;
  }

  /** The header of an honest token. */
  get header() {
    return { alg: this.algorithm, typ: 'JWT', kid: this.#current.kid };
  }

  /** @param {object} [header] members to add; undefined leaves one out */
  sign(claims, header = {}) {
    return sign({ ...this.header, ...header }, claims, this.#current.privateKey);
  }

  /** The same claims under the current key. */
  signAnew(token) {
    return this.sign(takeApart(token).claims);
  }
}

/** A key that belongs to nobody's metadata, or to nobody yet. */
export async function makeKey(algorithm, kid) {
  return withId(await makeKeyPair(algorithm), algorithm, kid);
}

/** The id is drawn from the key, so that a key given again has the same one. */
function withId(pair, algorithm, kid = digest(pair.publicKey)) {
  return { ...pair, kid, algorithm };
}

function digest(key) {
  const bytes = key.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** @param {{ publicKey: import('node:crypto').KeyObject, kid: string, algorithm: string }} key */
export function publicJwk({ publicKey, kid, algorithm }) {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
}

function privateJwk(key) {
  return { ...publicJwk(key), ...key.privateKey.export({ format: 'jwk' }) };
}

/** Between the faults and the library: what it answers with its first key, with the current one. */
export function rotation(keys) {
  return async (ctx, next) => {
    await next();
    if (ctx.status !== 200) return;
    if (ctx.oidc?.route === 'jwks') ctx.body = keys.published;
    if (ctx.oidc?.route === 'token' && ctx.body.id_token && keys.isRotated) {
      ctx.body.id_token = keys.signAnew(ctx.body.id_token);
    }
  };
}

export function makeCookieKeys() {
  return [randomBytes(32).toString('base64url')];
}
