import { AUTHORIZE_FAULTS } from './authorize.js';
import { DISCOVERY_FAULTS } from './discovery.js';
import { ID_TOKEN_CLAIMS } from './id-token-claims.js';
import { ID_TOKEN_SIGNATURES } from './id-token-signatures.js';
import { JWKS_FAULTS } from './jwks.js';
import { REFRESH_FAULTS } from './refresh.js';
import { REVOCATION_FAULTS } from './revocation.js';
import { TOKEN_ANSWERS } from './token-answers.js';
import { TOKEN_ERRORS } from './token-errors.js';
import { PROFILE_FAULTS } from './userinfo-profiles.js';
import { USERINFO_FAULTS } from './userinfo.js';
import { hungUp } from './ways.js';

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {'authorize' | 'token' | 'refresh' | 'userinfo' | 'discovery' | 'jwks' | 'revocation' | 'whole'} leg
 * @property {string} title
 * @property {string} description one sentence on what the provider does
 * @property {string | null} failure the page of Wrengate it must end in; null: it must sign in
 * @property {1 | 'always'} times how often it has to happen for the app to end there
 * @property {string} [parameter] what its value means, where it takes one
 * @property {number} [delayMs] how long it waits unless told otherwise
 * @property {Function} [run] a middleware; every leg but `authorize`
 * @property {Function} [alter] changes the parameters of the answer; only `authorize`
 */

/** @type {Fault[]} */
export const FAULTS = [
  ...AUTHORIZE_FAULTS,
  ...TOKEN_ERRORS,
  ...TOKEN_ANSWERS,
  ...REFRESH_FAULTS,
  ...ID_TOKEN_CLAIMS,
  ...ID_TOKEN_SIGNATURES,
  ...USERINFO_FAULTS,
  ...PROFILE_FAULTS,
  ...DISCOVERY_FAULTS,
  ...JWKS_FAULTS,
  ...REVOCATION_FAULTS,
  {
    leg: 'whole',
    name: 'down',
    title: 'Down',
    failure: 'provider-unreachable',
    description: 'Breaks every connection but those to this switchboard.',
    times: 'always',
    run: hungUp,
  },
];
