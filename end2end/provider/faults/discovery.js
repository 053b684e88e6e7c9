/** Faults of the metadata; the app asks for it twice and again, so they stay until cleared. */
import { ELSEWHERE } from '../switchboard/legs.js';
import {
  altered, held, instead, insteadJson, insteadText,
} from './ways.js';

const SLOW_MS = 20_000;
const MEGABYTE = 1024 * 1024;

export const DISCOVERY_FAULTS = [
  fault('discovery-wrong-issuer', 'Another issuer', 'metadata-wrong',
    'Names another issuer than the one that was asked.',
    altered((metadata) => ({ ...metadata, issuer: 'https://other-provider.example' }))),
  fault('discovery-no-s256', 'No S256', 'metadata-wrong',
    'Lists plain as the only method of PKCE.',
    altered((metadata) => ({ ...metadata, code_challenge_methods_supported: ['plain'] }))),
  fault('discovery-http-endpoint', 'Unsafe endpoint', 'metadata-wrong',
    'Puts the token endpoint on http://example.com.',
    altered((metadata) => ({ ...metadata, token_endpoint: 'http://example.com/token' }))),
  fault('discovery-issuer-slash', 'Issuer with a slash', 'metadata-wrong',
    'Adds a slash to the issuer, or takes it away.',
    altered((metadata) => ({
      ...metadata, issuer: metadata.issuer.endsWith('/') ? metadata.issuer.slice(0, -1) : `${metadata.issuer}/`,
    }))),
  fault('discovery-no-jwks', 'No keys', 'metadata-wrong',
    'Leaves out jwks_uri.',
    altered((metadata) => ({ ...metadata, jwks_uri: undefined }))),
  fault('discovery-http-jwks', 'Unsafe keys', 'metadata-wrong',
    'Puts jwks_uri on http://example.com.',
    altered((metadata) => ({ ...metadata, jwks_uri: 'http://example.com/jwks' }))),
  fault('discovery-no-endpoint', 'No endpoint', 'metadata-wrong',
    'Leaves out the token endpoint.',
    altered((metadata) => ({ ...metadata, token_endpoint: undefined }))),
  fault('discovery-file-endpoint', 'Endpoint in a file', 'metadata-wrong',
    'Gives the userinfo endpoint as file:///etc/passwd.',
    altered((metadata) => ({ ...metadata, userinfo_endpoint: 'file:///etc/passwd' }))),
  fault('discovery-huge', 'Twenty megabytes', 'answer-unreadable',
    'Adds a member of 20 megabytes.',
    altered((metadata) => ({ ...metadata, padding: 'a'.repeat(20 * MEGABYTE) }))),
  fault('discovery-redirect', 'Redirect', 'answer-unreadable',
    'Answers 302 to another path; whoever follows is counted there as “elsewhere”.',
    instead((ctx, { base }) => {
      ctx.redirect(base + ELSEWHERE);
      ctx.status = 302;
    })),
  { ...fault('discovery-slow', 'Slow answer', 'provider-timeout', 'Says nothing for a while.', held),
    delayMs: SLOW_MS },
  fault('discovery-pkce-unlisted', 'PKCE not mentioned', null,
    'Leaves out code_challenge_methods_supported, as small providers do.',
    altered((metadata) => ({ ...metadata, code_challenge_methods_supported: undefined }))),
  fault('discovery-unknown-members', 'Unknown members', null,
    'Adds members that no standard knows.',
    altered((metadata) => ({ ...metadata, x_example: { deep: [1, null, 'text'] }, 'https://example.com/': true }))),
  fault('discovery-no-end-session', 'No place to sign out', null,
    'Leaves out end_session_endpoint.',
    altered((metadata) => ({ ...metadata, end_session_endpoint: undefined }))),
  fault('discovery-no-revocation', 'No revocation', null,
    'Leaves out revocation_endpoint.',
    altered((metadata) => ({ ...metadata, revocation_endpoint: undefined }))),
  fault('discovery-500', 'Status 500', 'provider-fault',
    'Answers 500.', insteadJson(500, { message: 'out of order' })),
  fault('discovery-html', 'HTML', 'answer-unreadable',
    'Answers 200 with a page.',
    insteadText(200, 'text/html', '<!doctype html><title>Welcome</title><h1>Welcome</h1>')),
  fault('discovery-404', 'Status 404', 'metadata-wrong',
    'Says that there is no metadata.', insteadText(404, 'text/plain', 'Not Found')),
];

function fault(name, title, failure, description, run) {
  return { leg: 'discovery', name, title, failure, description, times: 'always', run };
}
