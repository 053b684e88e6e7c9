import { randomBytes } from 'node:crypto';

/** A setting the provider can't start with; its message is one sentence for the person who set it. */
export class SettingError extends Error {}

/**
 * @typedef {object} Settings
 * @property {number} port 0 lets the system choose
 * @property {string} issuerHost
 * @property {string[]} appOrigins origins whose `/callback` and `/signed-out` are registered
 * @property {string} clientSecret secret of the confidential client
 */

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Settings}
 */
export function readSettings(env) {
  return {
    port: port(env.PROVIDER_PORT || '9400'),
    issuerHost: hostName(env.PROVIDER_ISSUER_HOST || 'localhost'),
    appOrigins: (env.PROVIDER_APP_ORIGINS || 'http://127.0.0.1:3000').split(',').map(origin),
    clientSecret: env.PROVIDER_CLIENT_SECRET || randomBytes(32).toString('base64url'),
  };
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
