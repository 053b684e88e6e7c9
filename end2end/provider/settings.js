import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { fits, SIGNING_ALGORITHMS } from './jws.js';

/** A setting the provider can't start with; its message is one sentence for the person who set it. */
export class SettingError extends Error {}

/**
 * @typedef {object} Settings
 * @property {number} port 0 lets the system choose
 * @property {string} issuerHost
 * @property {string[]} appOrigins origins whose `/callback` and `/signed-out` are registered
 * @property {string} clientSecret secret of the clients that have one
 * @property {string} issuerPath nothing, a slash, or a path with or without one at its end
 * @property {string} jwksPath where the signing keys are
 * @property {string} idTokenAlgorithm
 * @property {import('node:crypto').KeyObject} [signingKey] what signs them; made at start unless given
 * @property {boolean} parRequired whether authorization requests must be pushed
 * @property {boolean} discovery whether there is a metadata document
 * @property {object} [clientJwk] public key of the client that signs its assertions
 * @property {string} [clientKeyFile] its private key, made at start where there is none
 */

/** A provider that does nothing unusual; what has no default here has to be given. */
export const DEFAULTS = {
  issuerHost: 'localhost',
  issuerPath: '',
  jwksPath: '/jwks',
  idTokenAlgorithm: 'RS256',
  parRequired: false,
  discovery: true,
};

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Settings}
 */
export function readSettings(env) {
  if (env.PROVIDER_CLIENT_JWK && env.PROVIDER_CLIENT_KEY_FILE) {
    throw new SettingError('PROVIDER_CLIENT_JWK and PROVIDER_CLIENT_KEY_FILE must not both be set.');
  }
  const idTokenAlgorithm = oneOf(
    'PROVIDER_ID_TOKEN_ALG', env.PROVIDER_ID_TOKEN_ALG || DEFAULTS.idTokenAlgorithm, SIGNING_ALGORITHMS,
  );
  return {
    port: port(env.PROVIDER_PORT || '9400'),
    issuerHost: hostName(env.PROVIDER_ISSUER_HOST || DEFAULTS.issuerHost),
    appOrigins: (env.PROVIDER_APP_ORIGINS || 'http://127.0.0.1:3000').split(',').map(origin),
    clientSecret: env.PROVIDER_CLIENT_SECRET || randomBytes(32).toString('base64url'),
    issuerPath: path('PROVIDER_ISSUER_PATH', env.PROVIDER_ISSUER_PATH || DEFAULTS.issuerPath, /^(\/[a-z0-9-]+)*\/?$/, '/tenant/a'),
    jwksPath: path('PROVIDER_JWKS_PATH', env.PROVIDER_JWKS_PATH || DEFAULTS.jwksPath, /^\/jwks(\/[\w-]+)?$/, '/jwks/today'),
    idTokenAlgorithm,
    ...(env.PROVIDER_SIGNING_KEY && { signingKey: privateKey(env.PROVIDER_SIGNING_KEY, idTokenAlgorithm) }),
    parRequired: oneOf('PROVIDER_PAR', env.PROVIDER_PAR || 'allowed', ['allowed', 'required']) === 'required',
    discovery: oneOf('PROVIDER_DISCOVERY', env.PROVIDER_DISCOVERY || 'on', ['on', 'off']) === 'on',
    ...(env.PROVIDER_CLIENT_JWK && { clientJwk: publicJwk(env.PROVIDER_CLIENT_JWK) }),
    ...(env.PROVIDER_CLIENT_KEY_FILE && { clientKeyFile: absolute(env.PROVIDER_CLIENT_KEY_FILE) }),
  };
}

function oneOf(name, text, allowed) {
  if (allowed.includes(text)) return text;
  throw new SettingError(`${name} must be one of ${allowed.join(', ')}, not "${text}".`);
}

function path(name, text, form, example) {
  if (form.test(text)) return text;
  throw new SettingError(`${name} must be a path such as ${example}, not "${text}".`);
}

function absolute(text) {
  if (isAbsolute(text)) return text;
  throw new SettingError('PROVIDER_CLIENT_KEY_FILE must be given in full, from the root.');
}

function privateKey(pem, algorithm) {
  try {
    const key = createPrivateKey(pem);
    if (fits(algorithm, key)) return key;
  } catch {
    // Said below.
  }
  throw new SettingError(`PROVIDER_SIGNING_KEY must be a private key in PEM that signs ${algorithm}.`);
}

/** A private key given by mistake is not repeated in the message. */
function publicJwk(text) {
  try {
    const key = JSON.parse(text);
    if (!('d' in key) && createPublicKey({ key, format: 'jwk' })) return { ...key, use: 'sig' };
  } catch {
    // Said below.
  }
  throw new SettingError('PROVIDER_CLIENT_JWK must be the public half of a key, as a JWK.');
}

function port(text) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535) {
    throw new SettingError(`PROVIDER_PORT must be a number from 0 to 65535, not "${text}".`);
  }
  return number;
}

function hostName(text) {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(text)) {
    throw new SettingError(
      `PROVIDER_ISSUER_HOST must be a lower-case host name without scheme or port, not "${text}".`,
    );
  }
  return text;
}

function origin(text) {
  const trimmed = text.trim().replace(/\/$/, '');
  if (!URL.canParse(trimmed) || new URL(trimmed).origin !== trimmed) {
    throw new SettingError(
      `PROVIDER_APP_ORIGINS must list origins such as http://127.0.0.1:3000, not "${text}".`,
    );
  }
  return trimmed;
}
