/** Faults of the metadata; the app asks for it twice and again, so they stay until cleared. */
import { altered, insteadJson, insteadText } from './ways.js';

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
  fault('discovery-500', 'Status 500', 'provider-unreachable',
    'Answers 500.', insteadJson(500, { message: 'out of order' })),
  fault('discovery-html', 'HTML', 'provider-unreachable',
    'Answers 200 with a page.',
    insteadText(200, 'text/html', '<!doctype html><title>Welcome</title><h1>Welcome</h1>')),
  fault('discovery-404', 'Status 404', 'provider-unreachable',
    'Says that there is no metadata.', insteadText(404, 'text/plain', 'Not Found')),
];

function fault(name, title, failure, description, run) {
  return { leg: 'discovery', name, title, failure, description, times: 'always', run };
}
