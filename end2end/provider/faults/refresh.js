/** Faults of the token endpoint that a refresh token meets, and a code does not. */
import {
  altered, answerLost, held, insteadJson, insteadText, resigned,
} from './ways.js';

const SLOW_MS = 20_000;

export const REFRESH_FAULTS = [
  fault('refresh-invalid-grant', 'invalid_grant', 'access-ended',
    'Does not accept the refresh token any more.', insteadJson(400, { error: 'invalid_grant' })),
  fault('refresh-400', 'Status 400', 'access-ended',
    'Answers 400 with a page and no error code.',
    insteadText(400, 'text/html', '<h1>Bad Request</h1>')),
  fault('refresh-invalid-client', 'invalid_client', 'client-rejected',
    'Refuses the credentials of the app with 401 invalid_client.',
    insteadJson(401, { error: 'invalid_client' }, { 'WWW-Authenticate': 'Basic realm="provider"' })),
  fault('refresh-500', 'Status 500', 'provider-fault',
    'Answers 500 with JSON that is no OAuth error.', insteadJson(500, { message: 'out of order' })),
  fault('refresh-503', 'Status 503', 'provider-busy',
    'Answers 503 without saying when to come back.', insteadText(503, 'text/plain', 'busy')),
  { ...fault('refresh-slow', 'Slow answer', 'provider-timeout',
    'Says nothing for a while; the refresh token is spent only if the app still waits.', held),
  delayMs: SLOW_MS },
  fault('refresh-reset', 'Connection lost', 'provider-unreachable',
    'Replaces the refresh token, then breaks the connection without an answer.', answerLost),
  fault('refresh-wrong-iss', 'Issuer changed', 'id-untrusted',
    'Adds a 1 to iss of the new ID token.',
    resigned((claims, { keys }) => keys.sign({ ...claims, iss: `${claims.iss}1` }))),
  fault('refresh-other-sub', 'Another subject', 'subject-mismatch',
    'Adds “invalid” to sub of the new ID token.',
    resigned((claims, { keys }) => keys.sign({ ...claims, sub: `${claims.sub}invalid` }))),
  fault('refresh-no-refresh-token', 'No new refresh token', null,
    'Gives no new refresh token, so that the old one stays.',
    altered((body) => ({ ...body, refresh_token: undefined }))),
  fault('refresh-no-id-token', 'No new ID token', null,
    'Gives no new ID token, so that the old one stays.',
    altered((body) => ({ ...body, id_token: undefined }))),
  fault('refresh-short-expiry', 'Five seconds', null,
    'Says that the new token lives for 5 seconds.', altered((body) => ({ ...body, expires_in: 5 }))),
];

function fault(name, title, failure, description, run) {
  return { leg: 'refresh', name, title, failure, description, times: 1, run };
}
