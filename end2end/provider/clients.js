/** The clients that may sign people in here: one for each way to authenticate. */
import { createPublicKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { makeKeyPair } from './jws.js';
import { SettingError } from './settings.js';

export const CLIENT_ID = 'wrengate-dev';
export const CONFIDENTIAL_CLIENT_ID = 'wrengate-dev-confidential';
export const POST_CLIENT_ID = 'wrengate-dev-post';
export const KEY_CLIENT_ID = 'wrengate-dev-key';

/** The algorithm of a key that is made here. */
const KEY_ALGORITHM = 'ES256';

/**
 * @param {import('./settings.js').Settings} settings
 * @returns {Promise<object[]>}
 */
export async function clients({
  appOrigins, clientSecret, clientJwk, clientKeyFile, idTokenAlgorithm,
}) {
  const key = clientJwk ?? (clientKeyFile && await keyIn(clientKeyFile));
  const shared = {
    client_name: 'Wrengate',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: appOrigins.map((origin) => `${origin}/callback`),
    // A client has one such address; the other apps are told by the switchboard.
    backchannel_logout_uri: `${appOrigins[0]}/backchannel-logout`,
    backchannel_logout_session_required: true,
    post_logout_redirect_uris: appOrigins.map((origin) => `${origin}/signed-out`),
    id_token_signed_response_alg: idTokenAlgorithm,
  };
  return [
    client(CLIENT_ID, 'none'),
    client(CONFIDENTIAL_CLIENT_ID, 'client_secret_basic', { client_secret: clientSecret }),
    client(POST_CLIENT_ID, 'client_secret_post', { client_secret: clientSecret }),
    ...(key ? [client(KEY_CLIENT_ID, 'private_key_jwt', { jwks: { keys: [key] } })] : []),
  ];

  function client(id, method, more = {}) {
    return { ...shared, ...more, client_id: id, token_endpoint_auth_method: method };
  }
}

/**
 * The public half of the client's key. Where the file isn't there yet, a key is made and its private
 * half written for the app that is to hold it; nobody else may read it.
 */
async function keyIn(file) {
  try {
    const pem = await readFile(file).catch(() => keyWrittenTo(file));
    return { ...createPublicKey(pem).export({ format: 'jwk' }), use: 'sig' };
  } catch (cause) {
    throw new SettingError(
      `PROVIDER_CLIENT_KEY_FILE must name a private key, or a place where one can be written, not "${file}".`,
      { cause },
    );
  }
}

async function keyWrittenTo(file) {
  const { privateKey } = await makeKeyPair(KEY_ALGORITHM);
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}
