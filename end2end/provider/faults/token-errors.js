/** Faults of the token endpoint in which it answers an error, late, or not at all. */
import {
  answerLost, dripped, held, insteadJson, insteadText,
} from './ways.js';

const SLOW_MS = 20_000;

export const TOKEN_ERRORS = [
  fault('token-invalid-grant', 'invalid_grant', 'code-expired',
    'Refuses the code with 400 invalid_grant.',
    insteadJson(400, { error: 'invalid_grant', error_description: 'The code is spent or too old.' })),
  fault('token-invalid-grant-401', 'invalid_grant with 401', 'code-expired',
    'Refuses the code with invalid_grant and status 401, as Clerk does.',
    insteadJson(401, { error: 'invalid_grant' })),
  fault('token-error-200', 'Error with status 200', 'code-expired',
    'Answers invalid_grant with status 200, as GitHub does with its codes.',
    insteadJson(200, { error: 'invalid_grant' })),
  fault('token-invalid-client', 'invalid_client', 'client-rejected',
    'Refuses the credentials of the app with 401 invalid_client.',
    insteadJson(401, { error: 'invalid_client' }, { 'WWW-Authenticate': 'Basic realm="provider"' })),
  refusal('token-invalid-request', 'invalid_request'),
  refusal('token-unauthorized-client', 'unauthorized_client'),
  refusal('token-unsupported-grant-type', 'unsupported_grant_type'),
  refusal('token-invalid-scope', 'invalid_scope'),
  fault('token-unknown-error', 'Unknown error', 'unrecognised',
    'Answers 400 with foo_bar, an error code of no standard.',
    insteadJson(400, { error: 'foo_bar' })),
  fault('token-clerk-errors', 'List of errors', 'unrecognised',
    'Answers 422 in the shape of Clerk: a list of errors and a trace id.',
    insteadJson(422, {
      errors: [{
        code: 'form_param_unknown',
        message: 'is unknown',
        long_message: 'a parameter is not valid for this request.',
        meta: { param_name: 'code_verifier' },
      }],
      clerk_trace_id: '00000000000000000000000000000000',
    })),
  fault('token-403-empty', '403 without a body', 'unrecognised',
    'Answers 403 and nothing else.', insteadText(403, 'text/plain', '')),
  lasting('token-500', 'Status 500', 'provider-fault',
    'Answers 500 with JSON that is no OAuth error.', insteadJson(500, { message: 'out of order' })),
  lasting('token-502-html', 'Status 502', 'provider-fault',
    'Answers 502 with the page of a proxy.',
    insteadText(502, 'text/html', '<html><body><h1>502 Bad Gateway</h1></body></html>')),
  lasting('token-503', 'Status 503', 'provider-busy',
    'Answers 503 without saying when to come back.', insteadText(503, 'text/plain', 'busy')),
  fault('token-429', 'Status 429', 'provider-limit',
    'Answers 429 with Retry-After: 7.', insteadText(429, 'text/plain', '', { 'Retry-After': '7' })),
  { ...lasting('token-slow', 'Slow answer', 'provider-timeout',
    'Says nothing for a while; the code is spent only if the app still waits.', held),
  delayMs: SLOW_MS },
  lasting('token-drip', 'Dripping answer', 'provider-timeout',
    'Sends the body of its answer one byte a second.', dripped),
  fault('token-reset', 'Connection lost', 'answer-lost',
    'Spends the code, then breaks the connection without an answer.', answerLost),
];

function fault(name, title, failure, description, run) {
  return { leg: 'token', name, title, failure, description, times: 1, run };
}

/** The app repeats these calls, so a single one wouldn't be seen. */
function lasting(...words) {
  return { ...fault(...words), times: 'always' };
}

function refusal(name, error) {
  return fault(name, error, 'exchange-refused', `Refuses the exchange with 400 ${error}.`,
    insteadJson(400, { error }));
}
