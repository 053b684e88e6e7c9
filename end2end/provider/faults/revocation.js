/** Faults of the revocation endpoint; nobody is kept from signing in or out by them. */
import { held, insteadJson, insteadText } from './ways.js';

const SLOW_MS = 20_000;

export const REVOCATION_FAULTS = [
  fault('revocation-400', 'unsupported_token_type', 'Refuses the token with 400 unsupported_token_type.',
    insteadJson(400, { error: 'unsupported_token_type' })),
  fault('revocation-503', 'Status 503', 'Answers 503 without saying when to come back.',
    insteadText(503, 'text/plain', 'busy')),
  { ...fault('revocation-slow', 'Slow answer', 'Says nothing for a while.', held), delayMs: SLOW_MS },
];

function fault(name, title, description, run) {
  return { leg: 'revocation', name, title, failure: null, description, times: 'always', run };
}
