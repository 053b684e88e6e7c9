/** Faults of the authorization response: the address that leads the browser back to the app. */

const NOT_ASSIGNED = 'User is not assigned to the client application.';

/** Codes of RFC 6749, OpenID Connect and RFC 8707, each with the page it must lead to. */
const ERROR_CODES = {
  invalid_request: 'request-unreadable',
  unauthorized_client: 'client-not-allowed',
  unsupported_response_type: 'answer-type',
  invalid_scope: 'scope-refused',
  server_error: 'provider-fault',
  temporarily_unavailable: 'provider-busy',
  login_required: 'sign-in-needed',
  interaction_required: 'sign-in-needed',
  consent_required: 'consent-needed',
  account_selection_required: 'pick-account',
  request_not_supported: 'option-unknown',
  request_uri_not_supported: 'option-unknown',
  registration_not_supported: 'option-unknown',
  invalid_request_uri: 'option-unknown',
  invalid_request_object: 'option-unknown',
  unmet_authentication_requirements: 'step-up',
  invalid_target: 'target-unknown',
};

export const AUTHORIZE_FAULTS = [
  fault('denied', 'Denied', 'cancelled',
    'Answers access_denied with the right state, as when the person presses Deny.',
    (params) => toError(params, 'access_denied')),
  fault('not-assigned', 'Person not assigned', 'not-allowed',
    'Answers access_denied and says that the person is not assigned to the app.',
    (params) => toError(params, 'access_denied', NOT_ASSIGNED)),
  fault('denied-wrong-state', 'Denied, wrong state', 'state-unmatched',
    'Answers access_denied with a state that belongs to nobody.',
    (params) => {
      toError(params, 'access_denied', 'This sentence must not be shown.');
      params.set('state', otherState(params));
    }),
  ...Object.entries(ERROR_CODES).map(([code, failure]) => fault(
    code, `Error ${code}`, failure, `Answers the error code ${code} with the right state.`,
    (params) => toError(params, code, `Armed on the switchboard: ${code}.`),
  )),
  fault('unknown_error', 'Unknown error', 'unrecognised',
    'Answers foo_bar, an error code of no standard.',
    (params) => toError(params, 'foo_bar', 'Armed on the switchboard: foo_bar.')),
  {
    ...fault('authorize-error', 'Error of your choice', 'unrecognised',
      'Answers the error code you give; a code that Wrengate knows leads to its own page.',
      (params, { value }) => toError(params, value)),
    parameter: 'the error code to answer',
  },
  fault('hostile-error', 'Hostile error', 'provider-fault',
    'Answers server_error with markup, control and bidi characters, 2 KB of words and a javascript: link.',
    (params) => {
      toError(params, 'server_error', hostileDescription());
      params.set('error_uri', 'javascript:alert(1)');
    }),
  fault('wrong-state', 'Wrong state', 'state-unmatched',
    'Answers a good code with a state that belongs to nobody.',
    (params) => params.set('state', otherState(params))),
  fault('missing-state', 'No state', 'no-state',
    'Answers a good code without the state.',
    (params) => params.delete('state')),
  fault('duplicate-code', 'Code twice', 'answer-incomplete',
    'Gives the parameter code twice.',
    (params) => params.append('code', params.get('code') ?? 'x')),
  fault('code-and-error', 'Code and error', 'answer-incomplete',
    'Gives a code and an error in one answer.',
    (params) => params.set('error', 'access_denied')),
  fault('no-code', 'No code', 'answer-incomplete',
    'Gives neither a code nor an error.',
    (params) => params.delete('code')),
  fault('empty-code', 'Empty code', 'answer-incomplete',
    'Gives a code without a single character.',
    (params) => params.set('code', '')),
  fault('wrong-issuer', 'Wrong issuer', 'wrong-issuer',
    'Gives the iss of another provider.',
    (params) => params.set('iss', 'https://other-provider.example')),
  fault('issuer-slash', 'Issuer with a slash', 'wrong-issuer',
    'Gives the iss with one slash more at its end.',
    (params, { issuer }) => params.set('iss', `${issuer}/`)),
  fault('missing-issuer', 'No issuer', 'wrong-issuer',
    'Leaves out iss, although discovery promises it.',
    (params) => params.delete('iss')),
  fault('extra-parameter', 'Extra parameter', null,
    'Adds session_state, which nobody asked for.',
    (params) => params.set('session_state', 'abc')),
  fault('keys-rotated', 'New keys before the answer', null,
    'Makes a new signing key and forgets the old one, then answers as ever.',
    (_params, { keys }) => keys.rotate()),
];

function fault(name, title, failure, description, alter) {
  return { leg: 'authorize', name, title, failure, description, times: 1, alter };
}

function toError(params, error, description) {
  params.delete('code');
  params.set('error', error);
  if (description) params.set('error_description', description);
}

function otherState(params) {
  return [...(params.get('state') ?? 'state')].reverse().join('').replace(/.$/, '~');
}

function hostileDescription() {
  const words = '<img src=x onerror=alert(1)> \u202Edrow\u202C \u0001\u0007 "quoted" \'quoted\' {{7*7}} ';
  return words + 'and so on '.repeat(200);
}
